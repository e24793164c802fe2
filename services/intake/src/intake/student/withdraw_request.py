"""A student withdraws: at once before an adviser has the case, as a wish from then on (P8)."""

from dataclasses import replace
from datetime import datetime

from cpt.web.person import Person
from intake import events
from intake.domain.history import Code
from intake.domain.lifecycle import Refused, require_transition
from intake.domain.request import Request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, save_request
from intake.student.own_request import lock_own


async def withdraw_request(work: UnitOfWork, request_id: str, person: Person) -> None:
    """Asking again changes nothing. Raises `NoSuchRequest`, or `Refused` when the request was denied."""
    request = await lock_own(work.connection, request_id, person)
    if request.phase == "denied":
        raise Refused("wrong_state", "This request was denied; there is nothing left to withdraw.")
    if request.phase == "withdrawn" or request.wish_at is not None:
        return
    after = _wished(request, work.now) if request.shown or request.phase == "issued" else _ended(request)
    saved = await save_request(work.connection, after)
    code: Code = "withdrawn" if saved.phase == "withdrawn" else "withdrawal_asked"
    await add_history(work.connection, request_id, work.now, code, "student")
    await work.audit(person.sub, "withdrawal_asked_for", request_id, phase=saved.phase)
    await work.append(events.withdrawn(request), sequence=saved.version)


def _wished(request: Request, now: datetime) -> Request:
    """Review decides under the case's lock; after issuance the DSO is told and nothing ends."""
    return replace(request, wish_at=now)


def _ended(request: Request) -> Request:
    require_transition(request.phase, "withdrawn")
    return replace(
        request, phase="withdrawn", receipt_number=None, received_at=None, due_on=None, returns=(), missing=()
    )
