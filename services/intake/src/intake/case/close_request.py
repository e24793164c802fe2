"""Review ended the case: denied, or withdrawn as the student wished. Both count in any round (P1, P5, P8)."""

from dataclasses import replace

from cpt.contracts.review import CaseDenied, CaseWithdrawn
from intake.domain.lifecycle import OPEN, require_transition
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request, save_request


async def deny_request(work: UnitOfWork, event: CaseDenied) -> None:
    """A denial that crossed the student's withdrawal stands; nothing undoes an I-20."""
    request = await lock_request(work.connection, event.request_id)
    if request is None or request.phase in {"denied", "issued"}:
        return
    require_transition(request.phase, "denied")
    await save_request(
        work.connection, replace(request, phase="denied", shown="", returns=(), missing=(), wish_at=None)
    )
    await work.audit("review", "case_denied", request.request_id, round=event.round)
    await add_history(work.connection, request.request_id, event.at, "denied", "office", reason=event.reason)


async def confirm_withdrawal(work: UnitOfWork, event: CaseWithdrawn) -> None:
    """A request that is issued or denied stays so; one withdrawn here already only learns that review agrees."""
    request = await lock_request(work.connection, event.request_id)
    if request is None:
        return
    await work.audit("review", "case_withdrawn", request.request_id, round=event.round)
    if request.phase in OPEN:
        ended = replace(
            request,
            phase="withdrawn",
            shown="",
            receipt_number=None,
            received_at=None,
            due_on=None,
            returns=(),
            missing=(),
            wish_at=None,
        )
        await save_request(work.connection, ended)
        await add_history(work.connection, request.request_id, event.at, "withdrawn", "office")
