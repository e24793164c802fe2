"""RequestWithdrawn: review answers every one with CaseWithdrawn, unless issued or denied (P8)."""

from cpt.contracts.intake import RequestWithdrawn
from cpt.contracts.review import CaseWithdrawn
from cpt.messaging import append
from cpt.postgres import Connection
from review.domain import require_transition
from review.store import Cause, lock_case, move_number, open_numbers_of, sql, write_audit
from review.tasks.open_task import open_task


async def withdraw_case(connection: Connection, event: RequestWithdrawn, cause: Cause, *, task_days: int) -> None:
    """Needs the line lock. Issued wins, in either order of arrival."""
    case = await lock_case(connection, event.request_id)
    if case is None:
        await connection.execute(sql.withdraw_unseen_case, event.request_id, event.round, event.receipt_number)
    elif case.state == "issued":
        detail = "The student asked to withdraw after the I-20 was issued."
        await open_task(connection, event.request_id, "withdrawal_after_issuance", detail, cause, days=task_days)
        return
    elif case.state in ("denied", "withdrawn"):
        return
    else:
        require_transition(case.state, "withdrawn")
        await connection.execute(sql.release_case, event.request_id, "withdrawn")
    for number in await open_numbers_of(connection, event.request_id):
        await move_number(
            connection, number.receipt_number, "void", cause, request_id=number.request_id, round_=number.round
        )
    await write_audit(connection, cause, "case_withdrawn", event.request_id)
    withdrawn = CaseWithdrawn(
        request_id=event.request_id,
        round=max(event.round, case.round if case else 0),
        receipt_number=case.receipt_number if case else event.receipt_number,
        at=cause.at,
    )
    await append(connection, withdrawn, sequence=case.version + 1 if case else 1, now=cause.at)
