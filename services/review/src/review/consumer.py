"""What review reacts to; every handler is two lines."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from cpt.contracts.enrollment import (
    CalendarRevised,
    EnrollmentChecked,
    MonitoringAlive,
    QualifyingCourseReplaced,
    RequirementLost,
    RequirementRegained,
)
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from cpt.contracts.intake import (
    AgreementLost,
    DueDateMoved,
    RequestCompleted,
    RequestHeld,
    RequestWithdrawn,
    StudentReported,
    WarningAcknowledged,
)
from cpt.contracts.notifier import NoticeFailed
from cpt.messaging import Consumer
from cpt.messaging.record import Record
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from review.alerts.close_suspicion import close_suspicion
from review.alerts.confirm_alerts import confirm_alert
from review.alerts.note_replacement import note_replacement
from review.alerts.raise_alert import raise_alert
from review.alerts.watch_the_watcher import hear_watcher
from review.cases.follow_request import move_due_date, tell_of_failed_notice, tell_of_lost_agreement, use_calendar
from review.cases.hear_student import hear_student, note_acknowledgement
from review.line.hold_place_of_unreadable import hold_place_of_unreadable
from review.line.place_in_line import place_in_line
from review.line.record_check import record_check
from review.line.void_number import void_number
from review.line.withdraw_case import withdraw_case
from review.settings import ReviewRules
from review.store import Cause, lock_line

MOVE_THE_LINE = (RequestCompleted, RequestHeld, RequestWithdrawn, EnrollmentChecked)


def build_consumer(rules: ReviewRules, clock: Clock) -> Consumer:  # noqa: C901 a list of handlers, not a branch
    """Everything review hears, and the line lock before a batch that may move the line (P10)."""
    consumer = Consumer("review")

    def cause(envelope: Envelope[Event]) -> Cause:
        return Cause(envelope.id, None, clock())

    @consumer.around
    @asynccontextmanager
    async def line_lock_first(connection: Connection, envelopes: Sequence[Envelope[Event]]) -> AsyncIterator[None]:
        if any(isinstance(envelope.event, MOVE_THE_LINE) for envelope in envelopes):
            await lock_line(connection)
        yield

    @consumer.when_parked("cpt.intake")
    async def keep_its_place(connection: Connection, record: Record) -> None:
        await hold_place_of_unreadable(connection, record, Cause(record.headers.get("ce_id", "parked"), None, clock()))

    @consumer.on(RequestCompleted)
    async def on_request_completed(connection: Connection, envelope: Envelope[RequestCompleted]) -> None:
        await place_in_line(connection, envelope.event, cause(envelope), rules.pending_hold)

    @consumer.on(RequestHeld)
    async def on_request_held(connection: Connection, envelope: Envelope[RequestHeld]) -> None:
        await void_number(connection, envelope.event, cause(envelope))

    @consumer.on(RequestWithdrawn)
    async def on_request_withdrawn(connection: Connection, envelope: Envelope[RequestWithdrawn]) -> None:
        await withdraw_case(connection, envelope.event, cause(envelope))

    @consumer.on(AgreementLost)
    async def on_agreement_lost(connection: Connection, envelope: Envelope[AgreementLost]) -> None:
        await tell_of_lost_agreement(connection, envelope.event, cause(envelope))

    @consumer.on(DueDateMoved)
    async def on_due_date_moved(connection: Connection, envelope: Envelope[DueDateMoved]) -> None:
        await move_due_date(connection, envelope.event, cause(envelope))

    @consumer.on(StudentReported)
    async def on_student_reported(connection: Connection, envelope: Envelope[StudentReported]) -> None:
        await hear_student(connection, envelope.event, cause(envelope))

    @consumer.on(WarningAcknowledged)
    async def on_warning_acknowledged(connection: Connection, envelope: Envelope[WarningAcknowledged]) -> None:
        await note_acknowledgement(connection, envelope.event, cause(envelope))

    @consumer.on(EnrollmentChecked)
    async def on_enrollment_checked(connection: Connection, envelope: Envelope[EnrollmentChecked]) -> None:
        await record_check(connection, envelope.event, cause(envelope))
        await confirm_alert(connection, envelope.event, cause(envelope))

    @consumer.on(CalendarRevised)
    async def on_calendar_revised(connection: Connection, envelope: Envelope[CalendarRevised]) -> None:
        await use_calendar(connection, envelope.event)

    @consumer.on(RequirementLost)
    async def on_requirement_lost(connection: Connection, envelope: Envelope[RequirementLost]) -> None:
        await raise_alert(connection, envelope.event, cause(envelope), rules.settling)

    @consumer.on(RequirementRegained)
    async def on_requirement_regained(connection: Connection, envelope: Envelope[RequirementRegained]) -> None:
        await close_suspicion(connection, envelope.event, cause(envelope))

    @consumer.on(QualifyingCourseReplaced)
    async def on_course_replaced(connection: Connection, envelope: Envelope[QualifyingCourseReplaced]) -> None:
        await note_replacement(connection, envelope.event, cause(envelope))

    @consumer.on(MonitoringAlive)
    async def on_monitoring_alive(connection: Connection, envelope: Envelope[MonitoringAlive]) -> None:
        await hear_watcher(connection, envelope.event, cause(envelope))

    @consumer.on(NoticeFailed)
    async def on_notice_failed(connection: Connection, envelope: Envelope[NoticeFailed]) -> None:
        await tell_of_failed_notice(connection, envelope.event, cause(envelope))

    return consumer
