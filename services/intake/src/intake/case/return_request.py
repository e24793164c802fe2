"""An adviser sent the request back: each reason is something that only the student clears (P5, P6, P7)."""

from dataclasses import replace

from cpt.contracts.review import CaseReturned
from intake.domain.lifecycle import OPEN
from intake.domain.request import Request
from intake.domain.values import Return
from intake.line.complete_request import reinstate_request
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request


async def return_request(work: UnitOfWork, event: CaseReturned) -> None:
    """Of an older round it is history; so is an office error once the number was given up."""
    request = await lock_request(work.connection, event.request_id)
    if request is None:
        return
    in_work = request.phase == "complete" or (request.phase in OPEN and not event.office_error)
    counts = in_work and request.round == event.round
    await work.audit(
        "review",
        "case_returned",
        request.request_id,
        round=event.round,
        office_error=event.office_error,
        counts=counts,
    )
    if counts and event.office_error:
        await reinstate_request(work.connection, request, work.now)
        await add_history(work.connection, request.request_id, event.at, "office_error_corrected", "office")
    elif counts:
        after = replace(request, returns=(*request.returns, *_reasons(request, event)))
        await reevaluate_request(work, request, after, "return")
        await add_history(work.connection, request.request_id, event.at, "returned", "office")


def _reasons(request: Request, event: CaseReturned) -> list[Return]:
    """Numbered on from the reasons that still stand."""
    first = max((one.number for one in request.returns), default=0) + 1
    return [Return(number, reason.text, reason.item) for number, reason in enumerate(event.reasons, first)]
