"""The student has read a warning, such as the loss of OPT (case 68); nothing else follows."""

from datetime import datetime

from cpt.contracts.intake import WarningAcknowledged
from cpt.messaging import append
from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.lifecycle import Refused
from intake.store import add_history, save_request, sql, write_audit
from intake.student.own_request import lock_own


async def acknowledge_warning(
    connection: Connection, request_id: str, person: Person, code: str, now: datetime
) -> None:
    """Once read stays read. Raises `NoSuchRequest`, or `Refused` where no such warning was given."""
    request = await lock_own(connection, request_id, person)
    warning = await connection.fetchrow(sql.find_warning, request_id, code)
    if warning is None:
        raise Refused("wrong_state", "There is no such warning to acknowledge on this request.")
    if warning["read_at"] is not None:
        return
    await connection.execute(sql.read_warning, request_id, code, now)
    saved = await save_request(connection, request)
    await add_history(connection, request_id, now, "warning_read", "student", message=warning["message"])
    await write_audit(connection, now, person.sub, "warning_acknowledged", request_id, code=code)
    event = WarningAcknowledged(request_id=request_id, round=saved.round, code=code, at=now)
    await append(connection, event, sequence=saved.version, now=now)
