"""What intake reacts to: a table of events and what they do."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from cpt.contracts.alerts import AlertClosed, AlertRaised, AlertReopened
from cpt.contracts.campus import AgreementChanged
from cpt.contracts.enrollment import CalendarRevised, EnrollmentChecked
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event, RequestEvent
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.review import (
    CaseApproved,
    CaseAssigned,
    CaseDenied,
    CaseGivenBack,
    CaseReassigned,
    CaseReturned,
    CaseWithdrawn,
    I20Issued,
    StartPushedBack,
)
from cpt.contracts.staff import (
    AcknowledgementAsked,
    AuthorizationChanged,
    ContactAsked,
    CourseConfirmed,
    I20FileAdded,
    LegalHoldChanged,
    OfficeTextChanged,
    StudentMessaged,
)
from cpt.messaging import Consumer
from cpt.messaging.consumer import Handler
from cpt.messaging.record import Record
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from intake.campus.record_agreement import record_agreement
from intake.campus.record_blind_spot import record_blind_spot
from intake.campus.record_enrollment import record_enrollment
from intake.campus.revise_calendar import revise_calendar
from intake.case.close_request import confirm_withdrawal, deny_request
from intake.case.confirm_course import confirm_course
from intake.case.follow_case import follow_case
from intake.case.hear_alert import close_concern, raise_concern, reopen_concern
from intake.case.hear_office import (
    apply_legal_hold,
    change_authorized,
    save_contact_asked,
    save_message,
    save_office_text,
    save_warning,
)
from intake.case.note_for_student import note_notice, note_pushed_back_start
from intake.case.receive_i20_file import receive_i20_file
from intake.case.record_i20 import record_i20
from intake.case.return_request import return_request
from intake.line.unit_of_work import UnitOfWork, drawing_numbers
from intake.store import lock_concerned, sql

UseCase = Callable[[UnitOfWork, Any], Awaitable[None]]

HANDLERS: dict[type[Event], UseCase] = {
    AgreementChanged: record_agreement,
    EnrollmentChecked: record_enrollment,
    CalendarRevised: revise_calendar,
    CaseAssigned: follow_case,
    CaseApproved: follow_case,
    CaseGivenBack: follow_case,
    CaseReassigned: follow_case,
    CourseConfirmed: confirm_course,
    CaseReturned: return_request,
    CaseDenied: deny_request,
    CaseWithdrawn: confirm_withdrawal,
    StartPushedBack: note_pushed_back_start,
    I20Issued: record_i20,
    StudentMessaged: save_message,
    ContactAsked: save_contact_asked,
    AlertRaised: raise_concern,
    AlertClosed: close_concern,
    AlertReopened: reopen_concern,
    I20FileAdded: receive_i20_file,
    AcknowledgementAsked: save_warning,
    AuthorizationChanged: change_authorized,
    LegalHoldChanged: apply_legal_hold,
    OfficeTextChanged: save_office_text,
    NoticeSent: note_notice,
    NoticeFailed: note_notice,
}


def build_consumer(clock: Clock) -> Consumer:
    """Locks come first and in one order, numbers are drawn last (P9)."""
    consumer = Consumer("intake", clock)

    consumer.about(_is_own)

    @consumer.around
    @asynccontextmanager
    async def locks_first_numbers_last(
        connection: Connection, envelopes: Sequence[Envelope[Event]]
    ) -> AsyncIterator[UnitOfWork]:
        happened = [envelope.event for envelope in envelopes]
        requests = {event.request_id for event in happened if isinstance(event, RequestEvent)}
        students = {event.emplid for event in happened if isinstance(event, AgreementChanged)}
        await lock_concerned(connection, requests, students)
        async with drawing_numbers(connection, clock()) as work:
            yield work

    @consumer.when_parked(AgreementChanged.TOPIC)
    async def publish_what_cannot_be_read(connection: Connection, record: Record) -> None:
        await record_blind_spot(connection, consumer, record, clock())

    consumer.register({event: _event_only(use_case) for event, use_case in HANDLERS.items()})
    return consumer


def _event_only(use_case: UseCase) -> Handler[Any]:
    async def on_event(work: UnitOfWork, envelope: Envelope[Any]) -> None:
        await use_case(work, envelope.event)

    return on_event


async def _is_own(connection: Connection, key: str, sub: str) -> bool:
    found: bool = await connection.fetchval(sql.is_own, key, sub)
    return found
