"""A student says that what an adviser asked for is done (P6)."""

from dataclasses import replace
from datetime import datetime

from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.lifecycle import Refused, require_open_to_student
from intake.line.reevaluate_request import Change, reevaluate_request
from intake.store import add_history, write_audit
from intake.student.own_request import lock_own


async def resubmit_request(connection: Connection, request_id: str, person: Person, note: str, now: datetime) -> None:
    """Clears every reason that stands; raises `NoSuchRequest`, or `Refused` when none does."""
    request = await lock_own(connection, request_id, person)
    require_open_to_student(request.phase, request.shown)
    if not request.returns:
        raise Refused("wrong_state", "No adviser has returned this request, so there is nothing to answer.")
    await add_history(connection, request_id, now, "answered_return", "student", note=note)
    await write_audit(connection, now, person.sub, "request_resubmitted", request_id, answered=len(request.returns))
    await reevaluate_request(connection, request, replace(request, returns=()), Change("return", now))
