"""A student withdraws: at once before an adviser has the case, as a wish from then on (P8)."""

from dataclasses import replace
from datetime import datetime

from cpt.messaging import append
from cpt.postgres import Connection
from cpt.web.person import Person
from intake import events
from intake.domain.history import Code
from intake.domain.lifecycle import Refused, require_transition
from intake.domain.request import Request
from intake.store import add_history, save_request, write_audit
from intake.student.own_request import lock_own


async def withdraw_request(connection: Connection, request_id: str, person: Person, now: datetime) -> None:
    """Asking again changes nothing. Raises `NoSuchRequest`, or `Refused` when the request was denied."""
    request = await lock_own(connection, request_id, person)
    if request.phase == "denied":
        raise Refused("wrong_state", "This request was denied; there is nothing left to withdraw.")
    if request.phase == "withdrawn" or request.wish_at is not None:
        return
    after = _wished(request, now) if request.shown or request.phase == "issued" else _ended(request)
    saved = await save_request(connection, after)
    code: Code = "withdrawn" if saved.phase == "withdrawn" else "withdrawal_asked"
    await add_history(connection, request_id, now, code, "student")
    await write_audit(connection, now, person.sub, "withdrawal_asked_for", request_id, phase=saved.phase)
    await append(connection, events.withdrawn(request), sequence=saved.version, now=now)


def _wished(request: Request, now: datetime) -> Request:
    """Review decides under the case's lock; after issuance the DSO is told and nothing ends."""
    return replace(request, wish_at=now)


def _ended(request: Request) -> Request:
    require_transition(request.phase, "withdrawn")
    return replace(
        request, phase="withdrawn", receipt_number=None, received_at=None, due_on=None, returns=(), missing=()
    )
