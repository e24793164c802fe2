"""A student says that what an adviser asked for is done (P6)."""

from dataclasses import replace

from cpt.web.person import Person
from intake.domain.lifecycle import Refused, require_open_to_student
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history
from intake.student.own_request import lock_own


async def resubmit_request(work: UnitOfWork, request_id: str, person: Person, note: str) -> None:
    """Clears every reason that stands; raises `NoSuchRequest`, or `Refused` when none does."""
    request = await lock_own(work.connection, request_id, person)
    require_open_to_student(request.phase, request.shown)
    if not request.returns:
        raise Refused("wrong_state", "No adviser has returned this request, so there is nothing to answer.")
    await add_history(work.connection, request_id, work.now, "answered_return", "student", note=note)
    await work.audit(person.sub, "request_resubmitted", request_id, answered=len(request.returns))
    await reevaluate_request(work, request, replace(request, returns=()), "return")
