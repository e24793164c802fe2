"""EnrollmentChecked: the latest answer decides where a number stands in line (P3, P4, P20, A26)."""

from cpt.contracts.enrollment import EnrollmentChecked
from cpt.postgres import Connection
from review.domain import CaseState, Standing, require_transition
from review.store import (
    Case,
    Cause,
    Number,
    case_state_of,
    check_of,
    find_number,
    lock_case,
    place_number,
    place_of,
    sql,
)


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
    number = await find_number(connection, case.receipt_number)
    assert number is not None
    place = await place_of(connection, check, case.completed.facts, case.named_check)
    await _stand(connection, case, number, place, cause)


async def _stand(connection: Connection, case: Case, number: Number, place: Standing, cause: Cause) -> None:
    state: CaseState = case_state_of(place)
    held = number.hold_until is not None and cause.at < number.hold_until
    if (state, place == "set_aside") == (case.state, number.state == "set_aside") and not (place == "at_once" and held):
        return
    require_transition(case.state, state)
    await place_number(connection, number.receipt_number, place, cause, request_id=case.request_id, round_=case.round)
    await connection.execute(sql.set_case_state, case.request_id, state)
