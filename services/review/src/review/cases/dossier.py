"""Everything review knows of one case, loaded at once for whoever looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import eastern_date
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.values import StudentProfile
from cpt.postgres import Connection
from review.authorizations import Authorization, authorizations_of_student, latest_authorization
from review.domain import CaseState
from review.store import Case, find_check, sql

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """Another request of the student that is alive or was issued."""

    request: RequestCompleted
    state: CaseState
    receipt_number: int | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """`standing`: what was issued to this request; `changes`: the authorization that it asks to change; `others`: what was
    issued to other requests of the student.
    """

    case: Case
    answer: EnrollmentChecked | None
    calendar: AcademicCalendar
    standing: Authorization | None
    others: Sequence[Authorization]
    today: date
    beside: Sequence[OtherRequest] = ()
    changes: Authorization | None = None
    consultation: Mapping[str, Any] | None = None

    @property
    def student(self) -> StudentProfile | None:
        return self.answer.student if self.answer else None

    @property
    def start_set(self) -> date | None:
        """A later start that the office set on approval (R49)."""
        start = (self.case.approval or {}).get("authorized_start")
        return date.fromisoformat(start) if start else None


async def load_dossier(connection: Connection, case: Case, calendar: AcademicCalendar, now: datetime) -> Dossier:
    found = await find_check(connection, case.request_id)
    emplid, changed = case.completed.facts.emplid, case.completed.changes
    issued = await authorizations_of_student(connection, emplid, case.request_id)
    return Dossier(
        case=case,
        answer=found[1] if found else None,
        calendar=calendar,
        standing=await latest_authorization(connection, case.request_id),
        others=[one for one in issued if changed is None or one.request_id != changed.request_id],
        today=eastern_date(now),
        beside=await _others_of(connection, emplid, case.request_id),
        consultation=await _consultation_of(connection, case.request_id),
        changes=next((one for one in issued if changed and one.request_id == changed.request_id), None),
    )


async def _consultation_of(connection: Connection, request_id: str) -> Mapping[str, Any] | None:
    found = await connection.fetchrow(sql.consultation_of, request_id)
    return dict(found) if found else None


async def _others_of(connection: Connection, emplid: str, but: str) -> list[OtherRequest]:
    rows = await connection.fetch(sql.other_requests_of, emplid, but)
    return [
        OtherRequest(RequestCompleted.model_validate(row["completion"]), row["state"], row["receipt_number"])
        for row in rows
    ]


async def beside(connection: Connection, request_id: str) -> dict[str, list[dict[str, Any]]]:
    """Notes, messages, warnings the student has read, and a legal hold, each oldest first."""
    found: dict[str, list[dict[str, Any]]] = {"note": [], "message": [], "acknowledgement": [], "hold": []}
    for row in await connection.fetch(sql.beside_case, request_id):
        found[row["kind"]].append({"at": row["at"], "by": row["who"], "text": row["text"]})
    return found
