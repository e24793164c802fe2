"""Students, rows and events in words for the console."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.campus.handshake import Agreement, Handshake
from infra.campus.people import about, term_name
from infra.campus.records import AGREEMENT_TOPIC, CloudEvent, topic_of
from infra.campus.spire import Row, Student

WITHDRAWAL_GRADES = {"W", "DR", "WP", "WF"}


@dataclass(frozen=True, slots=True)
class ClassLine:
    term: str
    strm: str
    class_nbr: str
    course: str
    units: str
    state: str
    active: bool


@dataclass(frozen=True, slots=True)
class TermLine:
    strm: str
    term: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class StudentCard:
    emplid: str
    name: str
    program: str
    about: str
    classes: list[ClassLine]
    terms: list[TermLine]
    agreements: list[Agreement]


@dataclass(frozen=True, slots=True)
class EventLine:
    sender: str
    emplid: str
    what: str
    sent_at: datetime


def student_card(student: Student, handshake: Handshake) -> StudentCard:
    profile = student.profile
    classes = [class_line(row) for _, row in sorted(student.rows.items())]
    terms = sorted({line.strm for line in classes} | {strm for strm, _, _ in student.withdrawals})
    return StudentCard(
        emplid=student.emplid,
        name=profile.name if profile else "without a profile",
        program=profile.program if profile else "",
        about=about(student.emplid),
        classes=classes,
        terms=[TermLine(strm, term_name(strm), _left(student, strm)) for strm in terms],
        agreements=handshake.of_student(student.emplid),
    )


def class_line(row: Row) -> ClassLine:
    state = state_in_words(row)
    return ClassLine(
        term=term_name(row["strm"]),
        strm=row["strm"],
        class_nbr=row["class_nbr"],
        course=_course(row),
        units=str(row.get("units", "")),
        state=state,
        active=state == "enrolled",
    )


def state_in_words(row: dict[str, Any]) -> str:
    """Words for the row's codes; W is wait-listed, and a withdrawn row stays at E (docs/glossary.md)."""
    status, reason = row.get("status"), row.get("reason")
    if status == "E":
        return "withdrawn" if reason == "WDRW" or row.get("grade") in WITHDRAWAL_GRADES else "enrolled"
    if status == "D":
        return "class cancelled" if reason == "CANC" else "dropped"
    return "wait-listed" if status == "W" else f"status {status}"


def event_line(sent_at: datetime, event: CloudEvent) -> EventLine:
    """One line for any event that was sent, a malformed one too."""
    data = event.get("data")
    facts: dict[str, Any] = data if isinstance(data, dict) else {}
    return EventLine(
        sender="Handshake" if topic_of(event) == AGREEMENT_TOPIC else "Registrar",
        emplid=str(facts.get("emplid", "")),
        what=_what(event, facts),
        sent_at=sent_at,
    )


def _what(event: CloudEvent, facts: dict[str, Any]) -> str:
    if isinstance(current := facts.get("current"), dict):
        return f"{_course(facts)}, {term_name(str(facts.get('strm')))}: {state_in_words(current)}"
    if "withdraw_code" in facts:
        word = "withdrawal taken back" if facts["withdraw_code"] == "NWD" else "withdrawn from the term"
        return f"{term_name(str(facts.get('strm')))}: {word}"
    if "agreement_id" in facts:
        return f"{facts.get('employer')}: agreement {facts.get('status')}"
    return str(event.get("type"))


def _course(row: dict[str, Any]) -> str:
    return f"{row.get('subject', '')} {str(row.get('catalog_nbr', '')).strip()}".strip() or "class"


def _left(student: Student, strm: str) -> bool:
    whole = (line for (term, session, _), line in student.withdrawals.items() if term == strm and not session)
    return any(line["withdraw_code"] != "NWD" for line in whole)
