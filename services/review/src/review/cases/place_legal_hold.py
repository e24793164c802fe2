"""A director places or lifts a legal hold: retention passes over the case while it stands (case 70)."""

from datetime import datetime

from cpt.contracts.staff import LegalHoldChanged
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.ownership import lock_without_line
from review.cases.release import about
from review.domain import Refused
from review.store import Case, Cause, sql, write_audit


async def place_legal_hold(
    connection: Connection, request_id: str, director: Person, reason: str, now: datetime
) -> None:
    """Raises `NoSuchCase`, or `Refused` where a hold stands."""
    case = await lock_without_line(connection, request_id)
    if await connection.fetchval(sql.place_hold, request_id, reason, director.sub, now) is None:
        raise Refused("wrong_state", "There is already a legal hold.")
    await write_audit(connection, Cause("hold", director.sub, now), "legal_hold_placed", request_id, reason=reason)
    await _tell(connection, case, now, held=True)


async def lift_legal_hold(
    connection: Connection, request_id: str, director: Person, reason: str, now: datetime
) -> None:
    """Raises `NoSuchCase`, or `Refused` where none stands."""
    case = await lock_without_line(connection, request_id)
    if await connection.fetchval(sql.lift_hold, request_id) is None:
        raise Refused("wrong_state", "There is no legal hold.")
    await write_audit(connection, Cause("unhold", director.sub, now), "legal_hold_lifted", request_id, reason=reason)
    await _tell(connection, case, now, held=False)


async def _tell(connection: Connection, case: Case, now: datetime, *, held: bool) -> None:
    """Intake keeps the documents, and has a retention of its own."""
    version = await connection.fetchval(sql.touch_case, case.request_id)
    event = LegalHoldChanged.model_validate(about(case) | {"held": held, "at": now})
    await append(connection, event, sequence=version, now=now)
