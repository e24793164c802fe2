"""What review reacts to: a table of events and what they do."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from cpt.contracts.enrollment import (
    CalendarRevised,
    CoursesAssumed,
    EnrollmentChecked,
    MonitoringAlive,
    QualifyingCourseReplaced,
    RequirementLost,
    RequirementRegained,
    StudentMonitoringBlind,
    StudentMonitoringRestored,
)
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from cpt.contracts.intake import (
    AgreementLost,
    AgreementsReadable,
    AgreementsUnreadable,
    ConsultationAnswered,
    ConsultationAsked,
    DueDateMoved,
    I20Fetched,
    RequestCompleted,
    RequestHeld,
    RequestStatusChanged,
    RequestWithdrawn,
    StudentAnswered,
    StudentReported,
    WarningAcknowledged,
)
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.operations import EnrollmentMessagesWaiting, IntakeMessagesWaiting, NotifierMessagesWaiting
from cpt.messaging import Consumer
from cpt.messaging.consumer import Handler
from cpt.messaging.record import Record
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from review.alerts.close_suspicion import close_suspicion
from review.alerts.confirm_alerts import confirm_alert
from review.alerts.monitor_heartbeat import record_heartbeat
from review.alerts.note_replacement import note_replacement
from review.alerts.raise_alert import raise_alert
from review.cases.deliver_i20 import note_fetched
from review.cases.follow_request import move_due_date, publish_failed_notice, publish_lost_agreement, use_calendar
from review.cases.hear_consultation import note_consultation_answer, note_consultation_asked
from review.cases.hear_student import hear_student, keep_answer, note_acknowledgement
from review.cases.name_courses import assume_courses
from review.cases.record_blind_spot import record_blind_spot, see_again
from review.line.keep_place_of_unreadable import keep_place_of_unreadable
from review.line.place_in_line import place_in_line
from review.line.recall_set_aside import recall_set_aside
from review.line.record_check import record_check
from review.line.void_number import void_number
from review.line.withdraw_case import withdraw_case
from review.operations.hear_waiting import hear_waiting
from review.search.save_summary import follow_status, keep_notice
from review.settings import ReviewRules
from review.store import Cause, calendar_in_force, lock_line, sql

UseCase = Callable[..., Awaitable[None]]

MOVE_THE_LINE = (RequestCompleted, RequestHeld, RequestWithdrawn, EnrollmentChecked, CalendarRevised)


def handlers(rules: ReviewRules) -> dict[type[Event], UseCase]:
    """Each takes the connection, the event and its cause."""
    days = rules.task_escalation_days
    return {
        RequestCompleted: partial(place_in_line, hold=rules.pending_hold),
        RequestHeld: partial(void_number, task_days=days),
        RequestStatusChanged: follow_status,
        RequestWithdrawn: partial(withdraw_case, task_days=days),
        AgreementLost: partial(publish_lost_agreement, task_days=days),
        DueDateMoved: move_due_date,
        StudentReported: partial(hear_student, task_days=days),
        StudentAnswered: partial(keep_answer, task_days=days),
        WarningAcknowledged: note_acknowledgement,
        I20Fetched: note_fetched,
        EnrollmentChecked: _line_then_alerts,
        CoursesAssumed: partial(assume_courses, task_days=days),
        StudentMonitoringBlind: partial(record_blind_spot, task_days=days),
        StudentMonitoringRestored: partial(see_again, task_days=days),
        AgreementsUnreadable: partial(record_blind_spot, task_days=days),
        AgreementsReadable: partial(see_again, task_days=days),
        CalendarRevised: partial(_calendar_then_line, task_days=days),
        RequirementLost: partial(raise_alert, settling=rules.settling),
        ConsultationAsked: note_consultation_asked,
        ConsultationAnswered: partial(note_consultation_answer, task_days=days),
        RequirementRegained: close_suspicion,
        QualifyingCourseReplaced: partial(note_replacement, task_days=days),
        MonitoringAlive: record_heartbeat,
        IntakeMessagesWaiting: hear_waiting,
        EnrollmentMessagesWaiting: hear_waiting,
        NotifierMessagesWaiting: hear_waiting,
        NoticeSent: _note_mail,
        NoticeFailed: partial(_note_failed_mail, task_days=days),
    }


def build_consumer(rules: ReviewRules, clock: Clock) -> Consumer:
    """The line is locked before a batch that may move it (P10)."""
    consumer = Consumer("review", clock)

    consumer.about(_is_own)

    @consumer.around
    @asynccontextmanager
    async def line_lock_first(connection: Connection, envelopes: Sequence[Envelope[Event]]) -> AsyncIterator[None]:
        if any(isinstance(envelope.event, MOVE_THE_LINE) for envelope in envelopes):
            await lock_line(connection)
        yield

    @consumer.when_parked("cpt.intake")
    async def keep_its_place(connection: Connection, record: Record) -> None:
        await keep_place_of_unreadable(connection, record, Cause(record.headers.get("ce_id", "parked"), None, clock()))

    consumer.register({event: _caused(clock, use_case) for event, use_case in handlers(rules).items()})
    return consumer


def _caused(clock: Clock, use_case: UseCase) -> Handler[Any]:
    async def on_event(connection: Connection, envelope: Envelope[Any]) -> None:
        await use_case(connection, envelope.event, Cause(envelope.id, None, clock()))

    return on_event


async def _calendar_then_line(connection: Connection, event: CalendarRevised, cause: Cause, *, task_days: int) -> None:
    await use_calendar(connection, event, cause, task_days=task_days)
    await recall_set_aside(connection, await calendar_in_force(connection), cause)


async def _note_mail(connection: Connection, event: NoticeSent, cause: Cause) -> None:  # noqa: ARG001 one form for all
    await keep_notice(connection, event)


async def _note_failed_mail(connection: Connection, event: NoticeFailed, cause: Cause, *, task_days: int) -> None:
    await keep_notice(connection, event)
    await publish_failed_notice(connection, event, cause, task_days=task_days)


async def _line_then_alerts(connection: Connection, event: EnrollmentChecked, cause: Cause) -> None:
    await record_check(connection, event, cause)
    await confirm_alert(connection, event, cause)


async def _is_own(connection: Connection, key: str, sub: str) -> bool:
    found: bool = await connection.fetchval(sql.is_own, key, key, None, None, sub)
    return found
