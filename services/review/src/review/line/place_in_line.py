"""RequestCompleted: the number takes its place in line (P2, P3, P7, A2)."""

from datetime import timedelta

from cpt.contracts.intake import RequestCompleted
from cpt.messaging import NeverAgain
from cpt.postgres import Connection
from review.domain import CLOSED, require_drawn, standing
from review.store import Cause, find_check, find_number, lock_case, move_number, open_numbers_of, sql


async def place_in_line(connection: Connection, event: RequestCompleted, cause: Cause, hold: timedelta) -> None:
    """Needs the line lock. `hold`: how long the number may hold the line while its check is pending (P11)."""
    number = await find_number(connection, event.receipt_number)
    if number is not None and number.request_id not in (None, event.request_id):
        raise NeverAgain(f"number {event.receipt_number} is held by another request")  # P39: an alarm, by its name
    case = await lock_case(connection, event.request_id)
    arrived = number is not None and number.state not in ("unreadable", "passed_over")
    if case is not None and (case.state in CLOSED or event.round <= case.round):
        if not arrived:
            await move_number(
                connection, event.receipt_number, "void", cause, request_id=event.request_id, round_=event.round
            )
        return
    await _void_earlier_numbers(connection, event, cause)
    if number is not None and number.state == "void":
        return
    found = await find_check(connection, event.request_id)
    state = standing(found and found[0], event.facts.facts_version, event.check_no)
    if case is not None and case.state not in ("pending", "waiting"):
        if case.state != "returned":
            require_drawn(case.state, "returned")
        require_drawn("returned", state)
    await move_number(
        connection,
        event.receipt_number,
        state,
        cause,
        request_id=event.request_id,
        round_=event.round,
        hold_until=cause.at + hold,
    )
    await connection.execute(
        sql.open_case,
        event.request_id,
        state,
        event.round,
        event.receipt_number,
        event,
        event.facts.facts_version,
        event.check_no,
        event.due_on,
    )


async def _void_earlier_numbers(connection: Connection, event: RequestCompleted, cause: Cause) -> None:
    for old in await open_numbers_of(connection, event.request_id):
        if old.receipt_number != event.receipt_number:
            await move_number(
                connection, old.receipt_number, "void", cause, request_id=old.request_id, round_=old.round
            )
