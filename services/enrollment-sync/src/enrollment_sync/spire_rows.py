"""SPIRE's answers → rows; one that nobody here can read is kept apart, never guessed (case 8)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from cpt.campus.clock import eastern_date
from cpt.campus.university import HERE
from cpt.contracts.characters import visible_if_text
from cpt.contracts.values import StudentProfile
from enrollment_sync.domain import Codes, Enrollments, Row, TermWithdrawal, UnknownCode
from enrollment_sync.enrollment_record import TermRead
from enrollment_sync.provenance import Key, Provenance


class MalformedAnswer(Exception):
    """SPIRE's answer lacks what every answer has."""


class SpireRow(BaseModel, hide_input_in_errors=True):
    """docs/connect.md; what only describes the class may be absent."""

    strm: str
    class_nbr: str
    status: str
    units: Decimal
    source_seq: int
    acad_career: str = ""
    institution: str = Field(default_factory=lambda: HERE.get().institution)
    session_code: str = "1"
    component: str = ""
    primary_class_nbr: str = ""
    subject: str = ""
    catalog_nbr: str = ""
    grading_basis: str = ""
    reason: str | None = None
    grade: str | None = None
    effective_dt: date | None = None
    enrl_request_id: str | None = None
    actor: str | None = None


class SpireWithdrawal(BaseModel, hide_input_in_errors=True):
    strm: str
    withdraw_code: str
    effective_dt: date
    source_seq: int
    session_code: str = ""
    acad_career: str = ""


class SpireTerm(BaseModel, hide_input_in_errors=True):
    source_seq: int
    rows: list[dict[str, Any]]
    term_withdrawals: list[dict[str, Any]] = []


_MAY_BE_ABSENT = ("email", "program_end_date", "admit_until", "sevis_id", "degree_completed_on")


def profile_of(data: Any) -> StudentProfile:
    """A name copied into SPIRE may hold what nobody sees. Raises MalformedAnswer."""
    try:
        known = {name: visible_if_text(value) for name, value in data.items() if name in StudentProfile.model_fields}
        return StudentProfile.model_validate(dict.fromkeys(_MAY_BE_ABSENT) | known)
    except (AttributeError, ValidationError):
        raise MalformedAnswer("SPIRE's student record is not as agreed") from None


def term_of(strm: str, profile: StudentProfile, emplid: str, data: Any, now: datetime, codes: Codes) -> TermRead:
    """Raises MalformedAnswer. What belongs to other terms is left out."""
    try:
        term = SpireTerm.model_validate(data)
    except ValidationError:
        raise MalformedAnswer("SPIRE's enrollments are not as agreed") from None
    entries: dict[Key, tuple[Row | TermWithdrawal, Provenance]] = {}
    unreadable = []
    for raw in (*term.rows, *term.term_withdrawals):
        try:
            entry, act, actor = _entry(raw, profile, emplid, now, codes)
        except (ValidationError, UnknownCode):
            unreadable.append(raw)
        else:
            entries[entry.key] = (
                entry,
                Provenance(f"SPIRE read at {term.source_seq}", now, now, act, actor, by_read=True),
            )
    mine = [entry for entry, _ in entries.values() if entry.strm == strm]
    return TermRead(
        strm,
        term.source_seq,
        Enrollments(
            tuple(entry for entry in mine if isinstance(entry, Row)),
            tuple(entry for entry in mine if isinstance(entry, TermWithdrawal)),
        ),
        {key: origin for key, (_, origin) in entries.items()},
        tuple(raw for raw in unreadable if raw.get("strm") == strm),
    )


def _entry(
    raw: dict[str, Any], profile: StudentProfile, emplid: str, now: datetime, codes: Codes
) -> tuple[Row | TermWithdrawal, str | None, str | None]:
    """With the enrollment request and the actor, where named. Raises ValidationError, UnknownCode."""
    if "withdraw_code" in raw:
        told = SpireWithdrawal.model_validate(raw)
        codes.require(("withdraw_code", told.withdraw_code))
        return TermWithdrawal(**told.model_dump()), None, None
    sent = SpireRow.model_validate(raw)
    codes.require(("status", sent.status), ("reason", sent.reason))
    values = sent.model_dump(exclude={"enrl_request_id", "actor"})
    values["acad_career"] = sent.acad_career or profile.acad_career
    values["effective_dt"] = sent.effective_dt or eastern_date(now)
    return Row(emplid=emplid, **values), sent.enrl_request_id, sent.actor
