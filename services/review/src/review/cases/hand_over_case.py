"""A case changes hands: given back to the line, or moved to another adviser by a director (P12, case 39)."""

from datetime import datetime

from cpt.contracts.review import CaseGivenBack, CaseReassigned
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.holding import lock_any_case, lock_held_case, require_state
from review.cases.release import about, release
from review.domain import HELD, Refused
from review.store import Cause, sql, standing_of, write_audit


async def give_back_case(connection: Connection, request_id: str, adviser: Person, reason: str, now: datetime) -> None:
    """The number keeps its place for the others; this adviser is recused from it (P12)."""
    case = await lock_held_case(connection, request_id, adviser, {"assigned"})
    assert case.receipt_number is not None
    state = await standing_of(connection, case)
    await connection.execute(sql.recuse, case.receipt_number, adviser.sub)
    version = await release(connection, case, state, state, Cause("give_back", adviser.sub, now), reason=reason)
    await append(connection, CaseGivenBack(**about(case), at=now), sequence=version, now=now)


async def reassign_case(connection: Connection, request_id: str, director: Person, to: Person, now: datetime) -> None:
    """To another adviser, with its number and its questions kept (case 39); an issued one with its alerts."""
    case = await lock_any_case(connection, request_id)
    require_state(case, HELD | {"issued"}, director)
    if case.holder is not None and case.holder.sub == to.sub:
        raise Refused("wrong_state", "This adviser holds the case already.")
    version = await connection.fetchval(sql.change_holder, request_id, to)
    await append(connection, CaseReassigned(**about(case), adviser=to, at=now), sequence=version, now=now)
    cause = Cause("reassign", director.sub, now)
    await write_audit(connection, cause, "case_reassigned", request_id, to=to.sub)
