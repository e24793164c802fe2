"""Puts the worker process of enrollment-sync together: its events, and what it does by itself."""

from datetime import datetime, timedelta

from cpt.contracts.audit import EnrollmentAuditSealed
from cpt.contracts.operations import EnrollmentMessagesWaiting
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.loops import Loop
from cpt.runtime.worker import Worker
from enrollment_sync.changes.publish_blind import publish_restored
from enrollment_sync.checks.check_enrollment import CheckEnrollment
from enrollment_sync.consumer import build_consumer
from enrollment_sync.extracts.forget_terms import forget_terms
from enrollment_sync.monitoring.measure_watch import measure_watch
from enrollment_sync.monitoring.send_heartbeat import HeartbeatLimits, send_heartbeat
from enrollment_sync.settings import EnrollmentSettings
from enrollment_sync.snapshots.reconcile_snapshot import ReconcileSnapshot
from enrollment_sync.spire import Spire
from enrollment_sync.watches.end_watch import end_old_watches
from enrollment_sync.watches.retain_students import retain_students

FORGOTTEN = timedelta(minutes=10)
"""How long after its window a loss may be without an alert (P28)."""


def build_worker(settings: EnrollmentSettings, *, clock: Clock | None = None) -> Worker:
    now = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "enrollment_sync", "enrollment-sync-worker")
    rules, campus = settings.enrollment, settings.spire
    spire = Spire(campus.url, campus.token.get_secret_value(), timeout=campus.timeout, budget=campus.budget)
    checks = CheckEnrollment(
        database, spire, now, settings.settling, settings.guard, rules.impossible, rules.status_every
    )
    snapshots = ReconcileSnapshot(database, spire, now, rules.reconcile_every, rules.snapshot_min_share)
    patience = HeartbeatLimits(rules.silence, rules.reconcile_every, rules.lag_limit, settings.settling + FORGOTTEN)
    worker = Worker(
        service="enrollment-sync",
        settings=settings,
        database=database,
        consumer=build_consumer(now, settings.guard),
        seals=EnrollmentAuditSealed,
        tells=EnrollmentMessagesWaiting,
        loops=[
            Loop("check_enrollment", checks.step, idle=0.1, patience=60),
            Loop("reconcile_snapshot", snapshots.step, idle=2, patience=600),
            Loop("send_heartbeat", lambda: send_heartbeat(database, now(), worker.lag(), patience), idle=2),
            Loop("measure_watch", lambda: measure_watch(database, now()), idle=15),
            Loop("publish_restored", lambda: publish_restored(database, now()), idle=2),
            Loop("end_old_watches", lambda: end_old_watches(database, now()), idle=3600),
            Loop("forget_terms", lambda: forget_terms(database, now()), idle=3600),
            Loop("retain_students", lambda: _retain(database, now(), settings.retention.years), idle=3600),
        ],
        closing=spire.close,
    )
    return worker


async def _retain(database: Database, now: datetime, years: int) -> int:
    return len(await retain_students(database, now, years))
