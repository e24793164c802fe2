"""RequestHeld: intake gave a number up, and only intake does (P2)."""

from cpt.contracts.intake import RequestHeld
from cpt.postgres import Connection
from review.domain import LIVE, require_transition
from review.store import Cause, find_number, lock_case, move_number, sql, write_audit
from review.tasks.open_task import open_task


async def void_number(connection: Connection, event: RequestHeld, cause: Cause, *, task_days: int) -> None:
    """Needs the line lock. An issued case stays issued and the DSO is told; nobody holds the case any more."""
    number = await find_number(connection, event.receipt_number)
    if number is None or number.state != "void":
        await move_number(
            connection, event.receipt_number, "void", cause, request_id=event.request_id, round_=event.round
        )
    case = await lock_case(connection, event.request_id)
    if case is None:
        return
    if case.state == "issued":
        detail = f"The request fell back after issuance: {event.cause}."
        await open_task(connection, event.request_id, f"held_{event.cause}", detail, cause, days=task_days)
    elif case.state in LIVE and case.round == event.round:
        require_transition(case.state, "returned")
        if case.holder is not None:
            detail = f"Taken back from {case.holder.name or case.holder.sub}: {event.cause}."
            await open_task(connection, event.request_id, f"held_{event.cause}", detail, cause, days=task_days)
        await connection.execute(sql.release_case, event.request_id, "returned")
        await write_audit(connection, cause, "request_held", event.request_id, hold_cause=event.cause)
