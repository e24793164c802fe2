"""What enrollment-sync reacts to; every handler is a line or two."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from cpt.contracts.campus import EnrollmentChanged, TermWithdrawn
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import CampusEvent, Event
from cpt.contracts.intake import RequestSubmitted
from cpt.contracts.review import (
    AlertClosed,
    AlertRaised,
    CaseApproved,
    CaseAssigned,
    CaseDenied,
    CaseWithdrawn,
    ConfirmationAsked,
    I20Issued,
    IssuanceAsked,
)
from cpt.contracts.staff import AuthorizationChanged, AuthorizationImported, LegalHoldChanged
from cpt.messaging import Consumer
from cpt.messaging.record import Record
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from enrollment_sync.adapt import unknown_codes_of_change, unknown_codes_of_withdrawal
from enrollment_sync.changes.follow_change import follow_change, following
from enrollment_sync.checks.due import make_check_due
from enrollment_sync.losses.guard import STANDARD_GUARD, Guard
from enrollment_sync.losses.note_alert import forget_rejected, note_alert
from enrollment_sync.store import lock_students, sql, students_of
from enrollment_sync.watches.end_watch import end_watch, follow_authorization, follow_outcome
from enrollment_sync.watches.keep_hold import keep_hold
from enrollment_sync.watches.remember_question import remember_question
from enrollment_sync.watches.watch_authorization import watch_authorization
from enrollment_sync.watches.watch_request import watch_request

WITH_FACTS = (RequestSubmitted, CaseAssigned, CaseApproved, IssuanceAsked, I20Issued, AuthorizationImported)
UseCase = Callable[..., Awaitable[None]]
HEARD_ALIKE: dict[type[Event], UseCase] = {
    AlertRaised: note_alert,
    AlertClosed: follow_outcome,
    AuthorizationChanged: follow_authorization,
    LegalHoldChanged: keep_hold,
}
"""Each takes the connection, the event and the time."""


def build_consumer(clock: Clock, guard: Guard = STANDARD_GUARD) -> Consumer:  # noqa: C901 a list of handlers
    """Everything enrollment-sync hears; the students of a batch are locked first, ascending (P16)."""
    consumer = Consumer("enrollment-sync")

    @consumer.around
    @asynccontextmanager
    async def students_first(connection: Connection, envelopes: Sequence[Envelope[Event]]) -> AsyncIterator[None]:
        events = [envelope.event for envelope in envelopes]
        new = [event.facts.emplid for event in events if isinstance(event, WITH_FACTS)]
        told = [event.emplid for event in events if isinstance(event, CampusEvent)]
        known = await students_of(connection, _requests(events))
        await lock_students(connection, [*told, *known], new=new)
        async with following(connection, clock(), guard):
            yield

    @consumer.relevant("campus.enrollment")
    async def watched(connection: Connection, emplids: Sequence[str]) -> set[str]:
        return {row["emplid"] for row in await connection.fetch(sql.watched, list(emplids), clock())}

    @consumer.when_parked("campus.enrollment")
    async def look_for_oneself(connection: Connection, record: Record) -> None:
        if record.key is not None:
            await make_check_due(connection, [record.key], "parked", clock())

    @consumer.on(EnrollmentChanged, judge=unknown_codes_of_change)
    async def on_enrollment_changed(_: Connection, envelope: Envelope[EnrollmentChanged]) -> None:
        await follow_change(envelope, clock())

    @consumer.on(TermWithdrawn, judge=unknown_codes_of_withdrawal)
    async def on_term_withdrawn(_: Connection, envelope: Envelope[TermWithdrawn]) -> None:
        await follow_change(envelope, clock())

    @consumer.on(RequestSubmitted)
    async def on_request_submitted(connection: Connection, envelope: Envelope[RequestSubmitted]) -> None:
        event = envelope.event
        await watch_request(connection, event.request_id, event.facts, "submitted", clock())

    @consumer.on(CaseAssigned)
    async def on_case_assigned(connection: Connection, envelope: Envelope[CaseAssigned]) -> None:
        event = envelope.event
        await watch_request(connection, event.request_id, event.facts, "assigned", clock())
        await remember_question(connection, envelope.id, [event.request_id], "assignment", clock())

    @consumer.on(CaseApproved)
    async def on_case_approved(connection: Connection, envelope: Envelope[CaseApproved]) -> None:
        event = envelope.event
        await watch_request(connection, event.request_id, event.facts, "approved", clock())

    @consumer.on(IssuanceAsked)
    async def on_issuance_asked(connection: Connection, envelope: Envelope[IssuanceAsked]) -> None:
        event = envelope.event
        await watch_request(connection, event.request_id, event.facts, "issuance", clock())
        await remember_question(connection, envelope.id, [event.request_id], "issuance", clock())

    @consumer.on(I20Issued)
    async def on_i20_issued(connection: Connection, envelope: Envelope[I20Issued]) -> None:
        await watch_authorization(connection, envelope.event, clock(), guard)

    @consumer.on(AuthorizationImported)
    async def on_authorization_imported(connection: Connection, envelope: Envelope[AuthorizationImported]) -> None:
        await watch_authorization(connection, envelope.event, clock(), guard)

    @consumer.on(ConfirmationAsked)
    async def on_confirmation_asked(connection: Connection, envelope: Envelope[ConfirmationAsked]) -> None:
        if envelope.event.rejected:
            await forget_rejected(connection, envelope.event.loss_id, clock())
        await remember_question(connection, envelope.id, envelope.event.request_ids, "confirmation", clock())

    @consumer.on(CaseDenied)
    async def on_case_denied(connection: Connection, envelope: Envelope[CaseDenied]) -> None:
        await end_watch(connection, envelope.event.request_id, "denied", clock())

    @consumer.on(CaseWithdrawn)
    async def on_case_withdrawn(connection: Connection, envelope: Envelope[CaseWithdrawn]) -> None:
        await end_watch(connection, envelope.event.request_id, "withdrawn", clock())

    def hear(event: type[Event], use_case: UseCase) -> None:
        @consumer.on(event)
        async def on_event(connection: Connection, envelope: Envelope[Any]) -> None:
            await use_case(connection, envelope.event, clock())

    for event, use_case in HEARD_ALIKE.items():
        hear(event, use_case)
    return consumer


def _requests(events: Sequence[Event]) -> list[str]:
    alone = CaseDenied, CaseWithdrawn, AuthorizationChanged, LegalHoldChanged
    ids = [event.request_id for event in events if isinstance(event, alone)]
    for event in events:
        if isinstance(event, (ConfirmationAsked, AlertClosed)):
            ids += event.request_ids
    return ids
