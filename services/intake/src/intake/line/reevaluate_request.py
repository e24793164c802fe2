"""A request changed: find what is missing now, save it, publish what follows."""

from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.event import Event
from cpt.contracts.intake import HoldCause
from intake import events
from intake.domain.agreements import Agreement
from intake.domain.request import Request
from intake.domain.settle import Reevaluation, settle
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, evidence_of, save_request


async def reevaluate_request(
    work: UnitOfWork,
    before: Request,
    after: Request,
    cause: HoldCause,
    *,
    gives_up: bool = False,
    unsaved: Agreement | None = None,
) -> Request:
    """Returns the request as it was saved; needs the lock of its row. One that is ready gets its number when `work` ends.

    `cause` is what `RequestHeld` names, should the request lose its number. `gives_up`: a student's own change costs the
    number in any case (P4). `unsaved`: an agreement that counts although its message still waits (P29).
    """
    evidence = await evidence_of(work.connection, before, eastern_date(work.now))
    if unsaved is not None:
        evidence = evidence.with_agreement(unsaved)
    result = settle(before, after, evidence, gives_up=gives_up)
    published = _events(before, result, cause, work.now)
    if result.request == before and not published and not gives_up:
        return before
    saved = await save_request(work.connection, result.request, len(published))
    if result.gave_up is not None:
        await _record_given_up(work, result, cause)
    if result.ready:
        work.ready.setdefault(saved.request_id)
    else:
        work.ready.pop(saved.request_id, None)  # it lacks something again, and loses its turn
    first = saved.version - len(published) + 1
    for sequence, event in enumerate(published, first):
        await work.append(event, sequence=sequence)
    return saved


def _events(before: Request, result: Reevaluation, cause: HoldCause, now: datetime) -> list[Event]:
    """In the order in which they are published."""
    found: list[Event] = []
    if result.publish_facts:
        found.append(events.submitted(result.request))
    if result.gave_up is not None:
        found.append(events.held(result.request, result.gave_up, cause))
    if result.lost:
        found.append(events.agreement_lost(result.request, result.lost))
    if not result.ready and _waits(result.request) and _summary(before) != _summary(result.request):
        found.append(events.status_changed(result.request, now))
    return found


def _waits(request: Request) -> bool:
    return request.phase in ("incomplete", "not_required")


def _summary(request: Request) -> tuple[object, ...]:
    """What staff are shown of a request that is not complete."""
    return request.state, request.student, request.application.employer, request.missing


async def _record_given_up(work: UnitOfWork, result: Reevaluation, cause: HoldCause) -> None:
    request, number = result.request, result.gave_up
    await add_history(work.connection, request.request_id, work.now, "number_given_up", "system", number=number)
    await work.audit("system", "number_given_up", request.request_id, number=number, cause=cause)
