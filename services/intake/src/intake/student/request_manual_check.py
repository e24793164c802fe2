"""A student disagrees with a finding of the machine: an adviser shall look, and the request completes with a flag."""

from dataclasses import replace

from cpt.web.person import Person
from intake.domain.lifecycle import Refused, require_open_to_student
from intake.domain.values import Place
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history
from intake.student.own_request import lock_own


async def request_manual_check(work: UnitOfWork, request_id: str, person: Person, at: Place, why: str) -> None:
    """Raises `NoSuchRequest`, `Refused`. An agreement heard of and not approved stays missing all the same (P23)."""
    request = await lock_own(work.connection, request_id, person)
    require_open_to_student(request.phase, request.shown)
    if request.disputes.get(at) == why:
        return
    if request.phase == "complete":
        raise Refused("wrong_state", "The request is complete: an adviser will look at all of it anyway.")
    after = replace(request, disputes={**request.disputes, at: why})
    await add_history(work.connection, request_id, work.now, "look_asked_for", "student", place=at)
    await work.audit(person.sub, "look_asked_for", request_id, place=at)
    await reevaluate_request(work, request, after, "facts")
