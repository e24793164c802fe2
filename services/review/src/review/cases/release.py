"""A case leaves its adviser's hands: its number, its row and the record of who did it, together."""

from cpt.postgres import Connection
from review.domain import CaseState, NumberState, require_transition
from review.store import Case, Cause, move_number, sql, write_audit


async def release(
    connection: Connection, case: Case, state: CaseState, number_state: NumberState, cause: Cause, **detail: str
) -> int:
    require_transition(case.state, state)
    assert case.receipt_number is not None
    await move_number(
        connection, case.receipt_number, number_state, cause, request_id=case.request_id, round_=case.round
    )
    version: int = await connection.fetchval(sql.release_case, case.request_id, state)
    await write_audit(connection, cause, f"case_{cause.id}", case.request_id, **detail)
    return version


def about(case: Case) -> dict[str, object]:
    """What every event about a case begins with."""
    return {"request_id": case.request_id, "round": case.round, "receipt_number": case.receipt_number}
