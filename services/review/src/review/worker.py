"""Puts the worker process of review together: its events, and what it does by itself."""

from datetime import datetime

from cpt.contracts.audit import ReviewAuditSealed
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.loops import Loop
from cpt.runtime.worker import Worker
from review.alerts.confirm_alerts import settle_alerts
from review.alerts.escalate_alerts import escalate_alerts
from review.alerts.measure_alerts import measure_alerts
from review.alerts.monitor_heartbeat import detect_missed_heartbeat
from review.cases.deliver_i20 import remind_unfetched
from review.cases.remind_ending import remind_ending
from review.cases.retain_cases import retain_cases
from review.consumer import build_consumer
from review.line.measure_line import measure_line
from review.overview.send_digests import send_digests
from review.reports.send_report import send_report
from review.settings import ReviewRules, ReviewSettings
from review.tasks.escalate_tasks import escalate_tasks


def build_worker(settings: ReviewSettings, *, clock: Clock | None = None) -> Worker:
    now = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "review", "review-worker")
    return Worker(
        service="review",
        settings=settings,
        database=database,
        consumer=build_consumer(settings.review, now),
        seals=ReviewAuditSealed,
        loops=[
            Loop("settle_alerts", lambda: settle_alerts(database, now()), idle=1.0),
            Loop("escalate_alerts", lambda: escalate_alerts(database, now()), idle=5.0),
            Loop("escalate_tasks", lambda: escalate_tasks(database, now()), idle=5.0),
            Loop("remind_unfetched", lambda: _remind(database, now(), settings.review), idle=60.0),
            Loop("remind_ending", lambda: remind_ending(database, now(), settings.review.ending_days), idle=600.0),
            Loop("detect_missed_heartbeat", lambda: detect_missed_heartbeat(database, now()), idle=15.0),
            Loop("send_digests", lambda: send_digests(database, settings.review.digest_hour, now()), idle=60.0),
            Loop("send_report", lambda: send_report(database, settings.review.report_hour, now()), idle=600.0),
            Loop("measure_line", lambda: measure_line(database, now()), idle=15.0),
            Loop("measure_alerts", lambda: measure_alerts(database, now()), idle=15.0),
            Loop("retain_cases", lambda: _retain(database, now(), settings.retention.years), idle=3600.0),
        ],
    )


async def _remind(database: Database, now: datetime, rules: ReviewRules) -> int:
    return await remind_unfetched(database, now, rules.i20_patience, task_days=rules.task_escalation_days)


async def _retain(database: Database, now: datetime, years: int) -> int:
    return len(await retain_cases(database, now, years))
