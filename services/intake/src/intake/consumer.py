"""What intake reacts to; every handler is two lines."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

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
from cpt.messaging import Consumer
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from intake.campus.record_agreement import record_agreement
from intake.campus.record_enrollment import record_enrollment
from intake.campus.revise_calendar import revise_calendar
from intake.case.close_request import confirm_withdrawal, deny_request
from intake.case.follow_case import follow_case
from intake.case.note_for_student import note_notice, note_pushed_back_start
from intake.case.record_i20 import record_i20
from intake.case.return_request import return_request
from intake.line.complete_request import completing
from intake.store import lock_concerned


def build_consumer(clock: Clock) -> Consumer:  # noqa: C901 a list of handlers, not a branch
    """Everything intake hears. Locks come first and in one order, numbers are drawn last (P9)."""
    consumer = Consumer("intake")

    @consumer.around
    @asynccontextmanager
    async def locks_first_numbers_last(
        connection: Connection, envelopes: Sequence[Envelope[Event]]
    ) -> AsyncIterator[None]:
        happened = [envelope.event for envelope in envelopes]
        requests = {event.request_id for event in happened if isinstance(event, RequestEvent)}
        students = {event.emplid for event in happened if isinstance(event, AgreementChanged)}
        await lock_concerned(connection, requests, students)
        async with completing(connection, clock()):
            yield

    @consumer.on(AgreementChanged)
    async def on_agreement_changed(connection: Connection, envelope: Envelope[AgreementChanged]) -> None:
        await record_agreement(connection, envelope.event, clock())

    @consumer.on(EnrollmentChecked)
    async def on_enrollment_checked(connection: Connection, envelope: Envelope[EnrollmentChecked]) -> None:
        await record_enrollment(connection, envelope.event, clock())

    @consumer.on(CalendarRevised)
    async def on_calendar_revised(connection: Connection, envelope: Envelope[CalendarRevised]) -> None:
        await revise_calendar(connection, envelope.event, clock())

    @consumer.on(CaseAssigned)
    async def on_case_assigned(connection: Connection, envelope: Envelope[CaseAssigned]) -> None:
        await follow_case(connection, envelope.event, clock())

    @consumer.on(CaseApproved)
    async def on_case_approved(connection: Connection, envelope: Envelope[CaseApproved]) -> None:
        await follow_case(connection, envelope.event, clock())

    @consumer.on(CaseGivenBack)
    async def on_case_given_back(connection: Connection, envelope: Envelope[CaseGivenBack]) -> None:
        await follow_case(connection, envelope.event, clock())

    @consumer.on(CaseReassigned)
    async def on_case_reassigned(connection: Connection, envelope: Envelope[CaseReassigned]) -> None:
        await follow_case(connection, envelope.event, clock())

    @consumer.on(CaseReturned)
    async def on_case_returned(connection: Connection, envelope: Envelope[CaseReturned]) -> None:
        await return_request(connection, envelope.event, clock())

    @consumer.on(CaseDenied)
    async def on_case_denied(connection: Connection, envelope: Envelope[CaseDenied]) -> None:
        await deny_request(connection, envelope.event, clock())

    @consumer.on(CaseWithdrawn)
    async def on_case_withdrawn(connection: Connection, envelope: Envelope[CaseWithdrawn]) -> None:
        await confirm_withdrawal(connection, envelope.event, clock())

    @consumer.on(StartPushedBack)
    async def on_start_pushed_back(connection: Connection, envelope: Envelope[StartPushedBack]) -> None:
        await note_pushed_back_start(connection, envelope.event, clock())

    @consumer.on(I20Issued)
    async def on_i20_issued(connection: Connection, envelope: Envelope[I20Issued]) -> None:
        await record_i20(connection, envelope.event, clock())

    @consumer.on(NoticeSent)
    async def on_notice_sent(connection: Connection, envelope: Envelope[NoticeSent]) -> None:
        await note_notice(connection, envelope.event)

    @consumer.on(NoticeFailed)
    async def on_notice_failed(connection: Connection, envelope: Envelope[NoticeFailed]) -> None:
        await note_notice(connection, envelope.event)

    return consumer
