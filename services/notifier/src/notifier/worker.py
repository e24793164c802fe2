"""Puts the worker process of notifier together: its events, and what it does by itself."""

from datetime import datetime

from cpt.contracts.audit import NotifierAuditSealed
from cpt.contracts.operations import NotifierMessagesWaiting
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.loops import Loop
from cpt.runtime.worker import Worker
from notifier.consumer import build_consumer
from notifier.domain import RetryPolicy
from notifier.mailer import Mailer
from notifier.measure_notices import measure_notices
from notifier.notice_context import build_notice_context
from notifier.retain_notices import retain_notices
from notifier.send_notices import SendNotices
from notifier.settings import NotifierSettings


def build_worker(settings: NotifierSettings, *, clock: Clock | None = None) -> Worker:
    clock = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "notifier", "notifier-worker")
    sending = build_sending(settings, database, clock)
    patience = 2 * settings.notifier.lease_seconds
    return Worker(
        service="notifier",
        settings=settings,
        database=database,
        consumer=build_consumer(build_notice_context(settings), clock),
        seals=NotifierAuditSealed,
        tells=NotifierMessagesWaiting,
        loops=[
            Loop("send_notices", sending.step, idle=settings.notifier.poll_seconds, patience=patience),
            Loop("measure_notices", lambda: measure_notices(database, clock()), idle=15.0),
            Loop("retain_notices", lambda: _retain(database, clock(), settings.retention.years), idle=3600.0),
        ],
    )


async def _retain(database: Database, now: datetime, years: int) -> int:
    return len(await retain_notices(database, now, years))


def build_sending(settings: NotifierSettings, database: Database, clock: Clock) -> SendNotices:
    notices = settings.notifier
    return SendNotices(
        database,
        Mailer(settings.smtp, sender=notices.from_address, greeting=notices.message_id_domain),
        clock=clock,
        retries=RetryPolicy(notices.retry_seconds, notices.retry_days, notices.unknown_limit),
        lease=notices.lease,
        at_once=settings.smtp.concurrency,
    )
