"""Where the question to SPIRE stands that must be answered before anything is typed into SEVIS (P21)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from cpt.campus.calendar import AcademicCalendar
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.postgres import Connection
from review.cases.gates import evaluate_gate
from review.domain import GateAnswer
from review.store import find_case


@dataclass(frozen=True, slots=True)
class Issuance:
    """`approval` is what the gate says before approving; `answer` is None while nobody has asked for an issuance."""

    approval: GateAnswer
    answer: GateAnswer | Literal["expired"] | None
    asked_at: datetime | None
    valid_until: datetime | None
    document: dict[str, Any] | None
    check: EnrollmentChecked | None
    calendar: AcademicCalendar


async def show_issuance(connection: Connection, request_id: str, now: datetime, valid: timedelta) -> Issuance:
    """Of a case that exists."""
    case = await find_case(connection, request_id)
    assert case is not None
    opinion, dossier = await evaluate_gate(connection, case, case.assignment_id, now)
    answer: GateAnswer | Literal["expired"] | None = None
    until = case.issuance_asked_at + valid if case.issuance_asked_at else None
    if case.issuance_id is not None and until is not None:
        answer = "expired" if now > until else (await evaluate_gate(connection, case, case.issuance_id, now))[0]
    return Issuance(opinion, answer, case.issuance_asked_at, until, case.document, dossier.answer, dossier.calendar)
