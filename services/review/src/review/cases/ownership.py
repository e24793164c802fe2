"""Who may write to a case: only the adviser who holds it, and only in a state that allows it."""

from collections.abc import Collection

import structlog

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.domain import CaseState, Refused
from review.store import Case, find_case, lock_case, lock_line

log = structlog.get_logger()


class NoSuchCase(Exception):
    """There is no case with this ID."""


async def find_completed(connection: Connection, request_id: str) -> Case:
    """Only a completed request is looked at by people. Raises `NoSuchCase`."""
    case = await find_case(connection, request_id)
    if case is None or case.completion is None:
        raise NoSuchCase(request_id)
    return case


async def lock_any_case(connection: Connection, request_id: str) -> Case:
    """The line lock, then the case (P10). Raises `NoSuchCase`."""
    await lock_line(connection)
    return await lock_without_line(connection, request_id)


async def lock_without_line(connection: Connection, request_id: str) -> Case:
    """For acts that move no number. Raises `NoSuchCase`."""
    case = await lock_case(connection, request_id)
    if case is None or case.completion is None:
        raise NoSuchCase(request_id)
    return case


async def lock_assigned_case(
    connection: Connection, request_id: str, adviser: Person, states: Collection[CaseState]
) -> Case:
    """Raises `NoSuchCase`, or `Refused` (wrong_state, not_yours)."""
    case = await lock_any_case(connection, request_id)
    require_state(case, states, adviser)
    if case.holder is not None and case.holder.sub != adviser.sub:
        raise Refused("not_yours", "Another adviser holds this case.")
    return case


def require_not_own(emplid: str, person: Person) -> None:
    """For acts whose address names no case, which the gate of A31 cannot see. Raises `Refused` (own_case)."""
    if emplid == person.sub:
        raise Refused("own_case", "It is about this person's own request; a colleague has to do it.")


def require_state(case: Case, states: Collection[CaseState], person: Person) -> None:
    """Raises `Refused` (wrong_state); to reach for a case that still stands in line is logged (R51, case 37)."""
    if case.state in states:
        return
    if case.state in {"pending", "waiting"}:
        log.warning(
            "line_jump_refused", request_id=case.request_id, receipt_number=case.receipt_number, actor=person.sub
        )
    raise Refused("wrong_state", f"The case is {case.state}.")
