"""The student has read a warning, such as the loss of OPT (case 68); nothing else follows."""

from cpt.contracts.intake import WarningAcknowledged
from cpt.web.person import Person
from intake.domain.lifecycle import Refused
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, save_request, sql
from intake.student.own_request import lock_own


async def acknowledge_warning(work: UnitOfWork, request_id: str, person: Person, code: str) -> None:
    """Once read stays read. Raises `NoSuchRequest`, or `Refused` where no such warning was given."""
    request = await lock_own(work.connection, request_id, person)
    warning = await work.connection.fetchrow(sql.find_warning, request_id, code)
    if warning is None:
        raise Refused("wrong_state", "There is no such warning to acknowledge on this request.")
    if warning["read_at"] is not None:
        return
    await work.connection.execute(sql.read_warning, request_id, code, work.now)
    saved = await save_request(work.connection, request)
    await add_history(work.connection, request_id, work.now, "warning_read", "student", message=warning["message"])
    await work.audit(person.sub, "warning_acknowledged", request_id, code=code)
    event = WarningAcknowledged(request_id=request_id, round=saved.round, code=code, at=work.now)
    await work.append(event, sequence=saved.version)
