"""EnrollmentChecked: the latest answer decides whether a number waits or is pending (P3, P4, P20)."""

from cpt.contracts.enrollment import EnrollmentChecked
from cpt.postgres import Connection
from review.domain import require_drawn, standing
from review.store import Cause, check_of, find_number, lock_case, move_number, sql


async def record_check(connection: Connection, event: EnrollmentChecked, cause: Cause) -> None:
    """Needs the line lock. Kept also for a request without a case (P1); a check never gives a number up (P2)."""
    await connection.execute(sql.keep_answer, event.request_id, event.check_no, event)
    stored = await connection.fetchval(
        sql.store_check,
        event.request_id,
        event.check_no,
        event.facts_version,
        event.calendar_version,
        event.outcome,
        list(event.asked_by),
        event,
        event.checked_at,
    )
    case = await lock_case(connection, event.request_id)
    if stored is None or case is None or case.state not in ("pending", "waiting") or case.receipt_number is None:
        return
    check, _ = check_of(event)
    state = standing(check, case.facts_version, case.named_check)
    if state == case.state:
        return
    require_drawn(case.state, state)
    number = await find_number(connection, case.receipt_number)
    assert number is not None
    await move_number(connection, number.receipt_number, state, cause, request_id=case.request_id, round_=case.round)
    await connection.execute(sql.set_case_state, case.request_id, state)
