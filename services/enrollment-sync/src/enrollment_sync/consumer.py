"""What enrollment-sync reacts to: a table of events and what they do."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.alerts import AlertClosed, AlertRaised, ConfirmationAsked
from cpt.contracts.attributes import Fault
from cpt.contracts.campus import EnrollmentChanged, SessionWithdrawn, TermWithdrawn
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import CampusEvent, Event
from cpt.contracts.intake import RequestSubmitted, StudentReported
from cpt.contracts.review import CaseApproved, CaseAssigned, CaseDenied, CaseWithdrawn, I20Issued, IssuanceAsked
from cpt.contracts.staff import AuthorizationChanged, AuthorizationImported, CourseConfirmed, LegalHoldChanged
from cpt.messaging import Consumer
from cpt.messaging.consumer import Handler, Validator
from cpt.messaging.record import Record
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from enrollment_sync.changes.count_unknown_codes import count_unknown_codes
from enrollment_sync.changes.publish_blind import publish_blind
from enrollment_sync.changes.record_enrollment_changes import record_enrollment_changes
from enrollment_sync.courses.name_courses import follow_confirmation, name_courses
from enrollment_sync.domain import Codes
from enrollment_sync.due import Why, make_check_due
from enrollment_sync.losses.guard import STANDARD_GUARD, Guard
from enrollment_sync.losses.note_alert import forget_rejected, note_alert
from enrollment_sync.losses.suspect_reported import suspect_reported
from enrollment_sync.mapping import CODES_TOLD, CampusChange, faults_of_codes, faults_of_dates
from enrollment_sync.store import codes_in_force, lock_students, sql, students_of
from enrollment_sync.watches.apply_legal_hold import apply_legal_hold
from enrollment_sync.watches.end_watch import end_watch, follow_authorization, follow_outcome
from enrollment_sync.watches.record_check_request import Kind, record_check_request
from enrollment_sync.watches.watch_authorization import watch_authorization
from enrollment_sync.watches.watch_request import watch_request

WITH_FACTS = (RequestSubmitted, CaseAssigned, CaseApproved, IssuanceAsked, I20Issued, AuthorizationImported)
OfCase = RequestSubmitted | CaseAssigned | CaseApproved | IssuanceAsked
UseCase = Callable[..., Awaitable[None]]


def handlers(guard: Guard) -> dict[type[Event], UseCase]:
    """By event; each takes the connection, the envelope and the time. Enrollment changes are handled together, last."""
    return {
        RequestSubmitted: partial(_watch, why="submitted"),
        CaseAssigned: partial(_watch, why="assigned", question="assignment"),
        CaseApproved: partial(_watch, why="approved"),
        IssuanceAsked: partial(_watch, why="issuance", question="issuance"),
        I20Issued: _event_only(partial(watch_authorization, guard=guard)),
        AuthorizationImported: _event_only(partial(watch_authorization, guard=guard)),
        ConfirmationAsked: _confirm,
        CaseDenied: partial(_end, because="denied"),
        CaseWithdrawn: partial(_end, because="withdrawn"),
        AlertRaised: _event_only(note_alert),
        AlertClosed: _event_only(follow_outcome),
        AuthorizationChanged: _event_only(follow_authorization),
        CourseConfirmed: _event_only(partial(follow_confirmation, guard=guard)),
        LegalHoldChanged: _event_only(apply_legal_hold),
        StudentReported: _event_only(partial(suspect_reported, guard=guard)),
    }


def validators_of(codes: Codes, today: date) -> dict[type[Event], Validator]:
    return {event: partial(_faults, event, codes, today) for event in CODES_TOLD}


def _faults(event: type[CampusChange], codes: Codes, today: date, data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from faults_of_codes(event, codes, data)
    yield from faults_of_dates(data, today)


def build_consumer(clock: Clock, guard: Guard = STANDARD_GUARD) -> Consumer:
    """The students of a batch are locked first, ascending (P16)."""
    consumer = Consumer("enrollment-sync", clock)

    consumer.about(_is_own)

    @consumer.around
    @asynccontextmanager
    async def students_first(connection: Connection, envelopes: Sequence[Envelope[Event]]) -> AsyncIterator[None]:
        events = [envelope.event for envelope in envelopes]
        new = [event.facts.emplid for event in events if isinstance(event, WITH_FACTS)]
        changed = [event.emplid for event in events if isinstance(event, CampusEvent)]
        known = await students_of(connection, _requests(events))
        await lock_students(connection, [*changed, *known], new=new)
        yield

    @consumer.on_all(EnrollmentChanged, TermWithdrawn, SessionWithdrawn)
    async def on_changes(connection: Connection, envelopes: Sequence[Envelope[CampusChange]]) -> None:
        await record_enrollment_changes(connection, envelopes, clock(), guard)

    @consumer.relevant("campus.enrollment")
    async def watched(connection: Connection, emplids: Sequence[str]) -> set[str]:
        return {row["emplid"] for row in await connection.fetch(sql.watched, list(emplids), clock())}

    @consumer.validated_by
    async def validators(connection: Connection) -> dict[type[Event], Validator]:
        return validators_of(await codes_in_force(connection), eastern_date(clock()))

    @consumer.when_dropped("campus.enrollment")
    async def count_codes(connection: Connection, records: Sequence[Record]) -> None:
        await count_unknown_codes(connection, records, clock())

    @consumer.when_parked("campus.enrollment")
    async def publish_blind_spot(connection: Connection, record: Record) -> None:
        await publish_blind(connection, consumer, record, clock(), guard)

    @consumer.when_gone("campus.enrollment")
    async def read_everybody(connection: Connection) -> None:
        emplids = [row["emplid"] for row in await connection.fetch(sql.everybody_watched)]
        await make_check_due(connection, emplids, "records_gone", clock())

    consumer.register({event: _at(clock, use_case) for event, use_case in handlers(guard).items()})
    return consumer


def _at(clock: Clock, use_case: UseCase) -> Handler[Any]:
    async def on_event(connection: Connection, envelope: Envelope[Any]) -> None:
        await use_case(connection, envelope, clock())

    return on_event


def _event_only(use_case: UseCase) -> UseCase:
    """A use case that takes the event without its envelope."""

    async def with_event(connection: Connection, envelope: Envelope[Any], now: datetime) -> None:
        await use_case(connection, envelope.event, now)

    return with_event


async def _watch(
    connection: Connection, envelope: Envelope[OfCase], now: datetime, *, why: Why, question: Kind | None = None
) -> None:
    event = envelope.event
    await watch_request(connection, event.request_id, event.facts, why, now)
    if isinstance(event, CaseApproved | IssuanceAsked):
        await name_courses(connection, event.request_id, event.courses, event.facts.facts_version)
    if isinstance(event, CaseApproved):
        await connection.execute(sql.remember_status, event.request_id)
    if question is not None:
        await record_check_request(connection, envelope.id, [event.request_id], question, now)


async def _confirm(connection: Connection, envelope: Envelope[ConfirmationAsked], now: datetime) -> None:
    event = envelope.event
    if event.rejected:
        await forget_rejected(connection, event.loss_id, now)
    await record_check_request(connection, envelope.id, event.request_ids, "confirmation", now)


async def _end(
    connection: Connection, envelope: Envelope[CaseDenied | CaseWithdrawn], now: datetime, *, because: str
) -> None:
    await end_watch(connection, envelope.event.request_id, because, now)


def _requests(events: Sequence[Event]) -> list[str]:
    alone = CaseDenied, CaseWithdrawn, AuthorizationChanged, LegalHoldChanged, CourseConfirmed, StudentReported
    ids = [event.request_id for event in events if isinstance(event, alone)]
    for event in events:
        if isinstance(event, (ConfirmationAsked, AlertClosed)):
            ids += event.request_ids
    return ids


async def _is_own(connection: Connection, key: str, sub: str) -> bool:
    found: bool = await connection.fetchval(sql.is_own, key, sub)
    return found
