"""What a student's page shows beside the request itself: papers by slot, the letter fact by fact, emails, the calendar."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from cpt.campus.calendar import AcademicCalendar
from cpt.postgres import Connection
from intake.domain.application import Application
from intake.domain.request import Request
from intake.domain.terms import terms_of
from intake.letter import FACTS
from intake.store import StoredDocument, calendar_in_force, current_documents, history_of

_TYPED = {"letterhead": "employer", "mailing_address": "employer_address", "location": "work_locations"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A paper that this request needs, or may have; `index` is its place among the papers that count."""

    kind: str
    strm: str | None
    term: str | None
    paper: StoredDocument | None
    index: int
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    outcome: Literal["found", "missing", "to_read", "not_typed"]
    message: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    slots: list[Slot]
    facts: list[Fact]
    letter_key: str | None
    calendar: AcademicCalendar
    span: tuple[date, date] | None
    emails: list[dict[str, Any]]
    reports: list[dict[str, Any]]


async def show_status(connection: Connection, request: Request) -> Status:
    calendar = await calendar_in_force(connection)
    papers = await current_documents(connection, request.request_id)
    letter = next((paper.object_key for paper in papers if paper.kind == "offer_letter"), None)
    history = await history_of(connection, request.request_id)
    return Status(
        slots=_slots(request.application, calendar, papers),
        facts=_facts(request) if letter else [],
        letter_key=letter,
        calendar=calendar,
        span=request.application.span,
        emails=_emails(history),
        reports=[line for line in history if line["code"] == "reported"],
    )


def _emails(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that left and did not come back: nobody is sent to look for others in Spam (cases 62, 64)."""
    mails = [line | line["fields"] for line in history if line["code"] in ("mail_sent", "mail_failed")]
    last = {mail["kind"]: mail["code"] for mail in mails}
    return [mail for mail in mails if mail["code"] == last[mail["kind"]] == "mail_sent"]


def papers_wanted(application: Application, calendar: AcademicCalendar) -> list[tuple[str, str | None]]:
    """Kind and term of what must come with this form (R27, R37, R38, R44)."""
    wanted: list[tuple[str, str | None]] = [("offer_letter", None), ("handshake_contract", None)]
    if application.route == "coop":
        return [*wanted, ("coop_permission_form", None), ("coop_registration_email", None)]
    known = terms_of(application, calendar)
    strms = [term.strm for term in known] if known is not None else list(application.terms)
    return wanted + [("enrollment_proof", strm) for strm in strms]


def _slots(application: Application, calendar: AcademicCalendar, papers: list[StoredDocument]) -> list[Slot]:
    """R27, R37–R41, R44: what is needed, in the order of the office's page, then what may be added."""
    wanted = papers_wanted(application, calendar)
    at = {(paper.kind, paper.strm): (index, paper) for index, paper in enumerate(papers, 1)}
    externship = ("externship_paperwork", None)
    needed = [
        _slot(*one, at.get(one), calendar, needed=externship not in at or one[0] != "enrollment_proof")
        for one in wanted
    ]
    more = [one for one in at if one not in wanted]
    if application.route != "coop" and externship not in at:
        more.append(externship)
    return needed + [_slot(*one, at.get(one), calendar, needed=False) for one in more]


def _slot(
    kind: str, strm: str | None, found: tuple[int, StoredDocument] | None, calendar: AcademicCalendar, *, needed: bool
) -> Slot:
    term = calendar.term(strm) if strm else None
    index, paper = found or (0, None)
    return Slot(kind, strm, term.name if term else strm, paper, index, needed)


_FOR_A_PERSON = {"letter_is_scan", "letter_read_in_part"}  # flags that leave facts to a reader


def _facts(request: Request) -> list[Fact]:
    found = request.letter
    missing = {item.code.removeprefix("letter."): item for item in found.missing} if found else {}
    to_read = found is None or any(flag.code in _FOR_A_PERSON for flag in found.flags)
    return [_fact(name, request.application, missing, to_read=to_read) for name in FACTS]


def _fact(name: str, application: Application, missing: dict[str, Any], *, to_read: bool) -> Fact:
    if name in missing:
        return Fact(name, "missing", missing[name].message)
    if not getattr(application, _TYPED.get(name, name)):
        return Fact(name, "not_typed")
    return Fact(name, "to_read" if to_read else "found")
