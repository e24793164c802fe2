"""A case changes hands: given back to the line, or moved to another adviser by a director (P12, case 39)."""

from datetime import datetime

from cpt.contracts.review import CaseGivenBack, CaseReassigned
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.ownership import lock_any_case, lock_assigned_case, require_state
from review.cases.release import about, release
from review.domain import ASSIGNED_STATES, Refused
from review.store import Cause, case_state_of, find_check, place_of, sql, write_audit


async def give_back_case(connection: Connection, request_id: str, adviser: Person, reason: str, now: datetime) -> None:
    """The number keeps its place for the others; this adviser is recused from it (P12)."""
    case = await lock_assigned_case(connection, request_id, adviser, {"assigned"})
    assert case.receipt_number is not None
    found = await find_check(connection, request_id)
    place = await place_of(connection, found and found[0], case.completed.facts, case.named_check)
    state, number_state = case_state_of(place), "set_aside" if place == "set_aside" else case_state_of(place)
    await connection.execute(sql.recuse, case.receipt_number, adviser.sub)
    version = await release(connection, case, state, number_state, Cause("give_back", adviser.sub, now), reason=reason)
    await append(connection, CaseGivenBack(**about(case), at=now), sequence=version, now=now)


async def reassign_case(connection: Connection, request_id: str, director: Person, to: Person, now: datetime) -> None:
    """To another adviser, with its number and its questions kept (case 39); an issued one with its alerts.

    Never to, or by, the person whose own request it is (A31).
    """
    case = await lock_any_case(connection, request_id)
    require_state(case, ASSIGNED_STATES | {"issued"}, director)
    if case.completed.facts.emplid in (director.sub, to.sub):
        raise Refused("own_case", "It is about this person's own request; another adviser takes it.")
    if case.holder is not None and case.holder.sub == to.sub:
        raise Refused("wrong_state", "This adviser holds the case already.")
    version = await connection.fetchval(sql.change_holder, request_id, to)
    await append(connection, CaseReassigned(**about(case), adviser=to, at=now), sequence=version, now=now)
    cause = Cause("reassign", director.sub, now)
    await write_audit(connection, cause, "case_reassigned", request_id, to=to.sub)
