"""A student disagrees with a finding of the machine: an adviser shall look, and the request completes with a flag."""

from dataclasses import replace
from datetime import datetime

from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.lifecycle import Refused, require_open_to_student
from intake.domain.values import Place
from intake.line.reevaluate_request import Change, reevaluate_request
from intake.store import add_history, write_audit
from intake.student.own_request import lock_own


async def request_manual_check(
    connection: Connection, request_id: str, person: Person, at: Place, why: str, now: datetime
) -> None:
    """Raises `NoSuchRequest`, `Refused`. An agreement heard of and not approved stays missing all the same (P23)."""
    request = await lock_own(connection, request_id, person)
    require_open_to_student(request.phase, request.shown)
    if request.disputes.get(at) == why:
        return
    if request.phase == "complete":
        raise Refused("wrong_state", "The request is complete: an adviser will look at all of it anyway.")
    after = replace(request, disputes={**request.disputes, at: why})
    await add_history(connection, request_id, now, "look_asked_for", "student", place=at)
    await write_audit(connection, now, person.sub, "look_asked_for", request_id, place=at)
    await reevaluate_request(connection, request, after, Change("facts", now))
