"""Review ended the case: denied, or withdrawn as the student wished. Both count in any round (P1, P5, P8)."""

from dataclasses import replace
from datetime import datetime

from cpt.contracts.review import CaseDenied, CaseWithdrawn
from cpt.postgres import Connection
from intake.domain.lifecycle import OPEN, require_transition
from intake.store import add_history, lock_request, save_request, write_audit


async def deny_request(connection: Connection, event: CaseDenied, now: datetime) -> None:
    """A denial that crossed the student's withdrawal stands; nothing undoes an I-20."""
    request = await lock_request(connection, event.request_id)
    if request is None or request.phase in {"denied", "issued"}:
        return
    require_transition(request.phase, "denied")
    await save_request(connection, replace(request, phase="denied", shown="", returns=(), missing=(), wish_at=None))
    await write_audit(connection, now, "review", "case_denied", request.request_id, round=event.round)
    await add_history(connection, request.request_id, event.at, "denied", "office", reason=event.reason)


async def confirm_withdrawal(connection: Connection, event: CaseWithdrawn, now: datetime) -> None:
    """A request that is issued or denied stays so; one withdrawn here already only learns that review agrees."""
    request = await lock_request(connection, event.request_id)
    if request is None:
        return
    await write_audit(connection, now, "review", "case_withdrawn", request.request_id, round=event.round)
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
        await save_request(connection, ended)
        await add_history(connection, request.request_id, event.at, "withdrawn", "office")
