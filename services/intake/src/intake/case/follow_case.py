"""An adviser took, gave back, passed on or approved the case: the student's page follows (P5, P15)."""

from dataclasses import replace

from cpt.contracts.review import CaseApproved, CaseAssigned, CaseGivenBack, CaseReassigned
from intake.domain.history import Code
from intake.domain.lifecycle import Shown
from intake.events import courses_of
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request, save_request

CaseMoved = CaseAssigned | CaseApproved | CaseGivenBack | CaseReassigned

_SHOWN: dict[type[CaseMoved], Shown] = {CaseAssigned: "assigned", CaseApproved: "approved", CaseGivenBack: ""}
_CODES: dict[type[CaseMoved], Code] = {
    CaseAssigned: "assigned",
    CaseApproved: "approved",
    CaseGivenBack: "given_back",
    CaseReassigned: "reassigned",
}


async def follow_case(work: UnitOfWork, event: CaseMoved) -> None:
    """Counts only while the request is complete in that very round; else it is history."""
    request = await lock_request(work.connection, event.request_id)
    if request is None:
        return
    counts = request.phase == "complete" and request.round == event.round
    action = f"case_{type(event).__name__.removeprefix('Case').lower()}"
    await work.audit("review", action, request.request_id, round=event.round, counts=counts)
    if counts:
        shown = _SHOWN.get(type(event), request.shown)
        confirmed = courses_of(event.courses) if isinstance(event, CaseApproved) else request.confirmed
        await save_request(work.connection, replace(request, shown=shown, confirmed=confirmed))
        await add_history(work.connection, request.request_id, event.at, _CODES[type(event)], "office")
