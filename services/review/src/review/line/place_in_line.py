"""RequestCompleted: the number takes its place in line (P2, P3, P7, A2)."""

from datetime import timedelta
from typing import Any, Literal

from cpt.contracts.intake import RequestCompleted
from cpt.messaging import Reject
from cpt.postgres import Connection
from review.domain import CLOSED, require_transition
from review.search.save_summary import summarize_completed
from review.store import (
    Case,
    Cause,
    Number,
    case_state_of,
    find_check,
    find_number,
    lock_case,
    move_number,
    open_numbers_of,
    place_number,
    place_of,
    sql,
)


async def place_in_line(connection: Connection, event: RequestCompleted, cause: Cause, hold: timedelta) -> None:
    """Needs the line lock. `hold`: how long the number may hold the line while its check is pending (P11)."""
    number = await _own_number(connection, event)
    case = await lock_case(connection, event.request_id)
    if case is not None and (case.state in CLOSED or event.round <= case.round):
        if number is None or number.state in ("unreadable", "passed_over"):
            await move_number(
                connection, event.receipt_number, "void", cause, request_id=event.request_id, round_=event.round
            )
        return
    await _void_earlier_numbers(connection, event, cause)
    if number is not None and number.state == "void":
        return
    found = await find_check(connection, event.request_id)
    place = await place_of(connection, found and found[0], event.facts, event.check_no)
    _require_way(case, case_state_of(place))
    about: dict[str, Any] = {"request_id": event.request_id, "round_": event.round, "hold_until": cause.at + hold}
    await place_number(connection, event.receipt_number, place, cause, **about)
    await _open_case(connection, event, case_state_of(place))


async def _own_number(connection: Connection, event: RequestCompleted) -> Number | None:
    """A number held by another request is a named alarm (P39). Raises `Reject`."""
    number = await find_number(connection, event.receipt_number)
    if number is not None and number.request_id not in (None, event.request_id):
        raise Reject(f"number {event.receipt_number} is held by another request")
    return number


def _require_way(case: Case | None, state: Literal["waiting", "pending"]) -> None:
    """A case in somebody's hands goes through `returned`, whose event may still be on its way. Raises `IllegalTransition`."""
    if case is None or case.state in ("pending", "waiting"):
        return
    require_transition(case.state, "returned")
    require_transition("returned", state)


async def _open_case(connection: Connection, event: RequestCompleted, state: Literal["waiting", "pending"]) -> None:
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
    await summarize_completed(connection, event)


async def _void_earlier_numbers(connection: Connection, event: RequestCompleted, cause: Cause) -> None:
    for old in await open_numbers_of(connection, event.request_id):
        if old.receipt_number != event.receipt_number:
            await move_number(
                connection, old.receipt_number, "void", cause, request_id=old.request_id, round_=old.round
            )
