"""Puts notifier together: the only place that knows all its parts."""

from datetime import datetime
from pathlib import Path

from fastapi import FastAPI

from cpt.contracts.audit import NotifierAuditSealed
from cpt.contracts.values import Recipient
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.loops import Loop
from cpt.runtime.web import web_app
from cpt.runtime.worker import Worker
from cpt.web import operations
from cpt.web.options import Look
from cpt.web.pages import Link
from cpt.web.problems import Problem, not_found
from notifier.compose_mail import Letterhead
from notifier.consumer import build_consumer
from notifier.deserved import Watchers
from notifier.domain import Patience
from notifier.http import notices_router
from notifier.mailer import Mailer
from notifier.measure_notices import measure_notices
from notifier.pages import pages_router
from notifier.record_bounce import NothingCameBackError
from notifier.reserve_notice import Desk
from notifier.retain_notices import retain_notices
from notifier.send_notices import SendNotices
from notifier.settings import NotifierSettings
from notifier.show_notices import NoSuchNotice, OwnCaseError
from notifier.stationery import Stationery

LOOK = Look(
    title="CPT notices",
    templates=Path(__file__).parent / "templates" / "pages",
    navigation=(Link("Notices", "/", frozenset({"operations"})), operations.LINK),
)


def build_web(settings: NotifierSettings, *, clock: Clock | None = None) -> FastAPI:
    clock = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "notifier", "notifier-web")
    return web_app(
        "notifier",
        settings,
        clock=clock,
        database=database,
        consumer=build_consumer(build_desk(settings), clock),
        look=LOOK,
        routers=[notices_router(database, clock), pages_router(database, clock)],
        refusals={
            NoSuchNotice: lambda _: not_found(),
            OwnCaseError: lambda error: Problem(403, "own_case", "This is about your own request", str(error)),
            NothingCameBackError: lambda error: Problem(
                409, "wrong_state", "This notice did not come back", str(error)
            ),
        },
    )


def build_worker(settings: NotifierSettings, *, clock: Clock | None = None) -> Worker:
    clock = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "notifier", "notifier-worker")
    sending = build_sending(settings, database, clock)
    patience = 2 * settings.notifier.lease_seconds
    return Worker(
        service="notifier",
        settings=settings,
        database=database,
        consumer=build_consumer(build_desk(settings), clock),
        seals=NotifierAuditSealed,
        loops=[
            Loop("send_notices", sending.step, idle=settings.notifier.poll_seconds, patience=patience),
            Loop("measure_notices", lambda: measure_notices(database, clock()), idle=15.0),
            Loop("retain_notices", lambda: _retain(database, clock(), settings.retention.years), idle=3600.0),
        ],
    )


async def _retain(database: Database, now: datetime, years: int) -> int:
    return len(await retain_notices(database, now, years))


def build_desk(settings: NotifierSettings) -> Desk:
    notices = settings.notifier
    return Desk(
        stationery=Stationery(),
        letterhead=Letterhead(
            office=notices.office,
            address=notices.from_address,
            reply_to=notices.reply_to,
            domain=notices.message_id_domain,
            phone=settings.office.phone,
            postal=settings.office.address,
            hours=settings.office.hours,
        ),
        watchers=Watchers(
            compliance=Recipient(name="CPT compliance", email=notices.compliance_address),
            by_step=notices.escalation_addresses,
            office=Recipient(name=notices.office, email=notices.tasks_address or notices.compliance_address),
        ),
        intake=settings.links.intake,
        review=settings.links.review,
    )


def build_sending(settings: NotifierSettings, database: Database, clock: Clock) -> SendNotices:
    notices = settings.notifier
    return SendNotices(
        database,
        Mailer(settings.smtp, sender=notices.from_address, greeting=notices.message_id_domain),
        clock=clock,
        patience=Patience(notices.retry_seconds, notices.retry_days, notices.unknown_limit),
        lease=notices.lease,
        at_once=settings.smtp.concurrency,
    )
