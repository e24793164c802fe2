"""A request changed: weigh it, keep it, and tell what follows."""

from dataclasses import dataclass
from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.event import Event
from cpt.contracts.intake import HoldCause
from cpt.messaging import append
from cpt.postgres import Connection
from intake import events
from intake.domain.agreements import Agreement
from intake.domain.request import Request
from intake.domain.settle import Reevaluation, settle
from intake.line.complete_request import forget_ready, note_ready
from intake.store import add_history, evidence_of, save_request, write_audit


@dataclass(frozen=True, slots=True)
class Change:
    """`cause` is what `RequestHeld` would name; `gives_up`: a student's own change costs the number (P4)."""

    cause: HoldCause
    at: datetime
    gives_up: bool = False


async def reevaluate_request(
    connection: Connection, before: Request, after: Request, change: Change, *, heard: Agreement | None = None
) -> Request:
    """Needs the lock of the request's row, and `completing` around it. `heard`: what waits to be kept and counts already."""
    evidence = await evidence_of(connection, before, eastern_date(change.at))
    if heard is not None:
        evidence = evidence.with_agreement(heard)
    settled = settle(before, after, evidence, gives_up=change.gives_up)
    told = _events(before, settled, change)
    if settled.request == before and not told and not change.gives_up:
        return before
    saved = await save_request(connection, settled.request, len(told))
    if settled.gave_up is not None:
        await _note_given_up(connection, settled, change)
    if settled.ready:
        note_ready(saved)
    else:
        forget_ready(saved)
    for place, event in enumerate(told):
        await append(connection, event, sequence=saved.version - len(told) + 1 + place, now=change.at)
    return saved


def _events(before: Request, settled: Reevaluation, change: Change) -> list[Event]:
    told: list[Event] = []
    if settled.publish_facts:
        told.append(events.submitted(settled.request))
    if settled.gave_up is not None:
        told.append(events.held(settled.request, settled.gave_up, change.cause))
    if settled.lost:
        told.append(events.agreement_lost(settled.request, settled.lost))
    if not settled.ready and _waits(settled.request) and _summary(before) != _summary(settled.request):
        told.append(events.status_changed(settled.request, change.at))
    return told


def _waits(request: Request) -> bool:
    return request.phase in ("incomplete", "not_required")


def _summary(request: Request) -> tuple[object, ...]:
    """What staff are shown of a request that is not complete."""
    return request.state, request.student, request.application.employer, request.missing


async def _note_given_up(connection: Connection, settled: Reevaluation, change: Change) -> None:
    request, number = settled.request, settled.gave_up
    await add_history(connection, request.request_id, change.at, "number_given_up", "system", number=number)
    await write_audit(
        connection, change.at, "system", "number_given_up", request.request_id, number=number, cause=change.cause
    )
