"""Takes every step of the ladder that is due, each once, whoever looks the other way."""

from dataclasses import replace
from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.alerts import AlertEscalated
from cpt.messaging import append
from cpt.postgres import Connection, Database
from review.alerts.domain import days_left
from review.alerts.ladder import DAYS_OPEN, UNACKNOWLEDGED_STEPS, Standing, Step, steps_due
from review.alerts.store import Alert, add_note, alert_of, sql
from review.authorizations import latest_authorization
from review.store import Cause, calendar_in_force, write_audit


async def escalate_alerts(database: Database, now: datetime) -> int:
    """One step of the loop; returns how many rungs were taken. What has taken every rung that is due is not read."""
    async with database.transaction() as connection:
        closures = (await calendar_in_force(connection)).closed_days
        taken = 0
        names, days = zip(*DAYS_OPEN, strict=True)
        about = (eastern_date(now), names, days, UNACKNOWLEDGED_STEPS)
        for row in await connection.fetch(sql.lock_alerts_to_escalate, *about):
            alert = await _as_of_today(connection, alert_of(row), now)
            assert alert.confirmed_at is not None
            acknowledged = alert.state == "acknowledged"
            standing = Standing(alert.severity, alert.effective_on, alert.confirmed_at, acknowledged)
            for step in steps_due(standing, now, closures):
                taken += await _take(connection, alert, step, now)
    return taken


async def _as_of_today(connection: Connection, alert: Alert, now: datetime) -> Alert:
    """A25: the span reaches to today, so a CPT that begins while the alert is open makes it CRITICAL."""
    if alert.severity != "HIGH" or alert.about not in ("enrollment", "status"):
        return alert
    today = eastern_date(now)
    found = [await latest_authorization(connection, request_id) for request_id in alert.request_ids]
    begun = [one for one in found if one and one.end and max(alert.effective_on, one.start) <= min(today, one.end)]
    if not begun:
        return alert
    cause = Cause("began", None, now)
    await connection.execute(sql.worsen_alert, alert.alert_id)
    await add_note(connection, alert.alert_id, cause, "The CPT has begun: the alert is critical now.")
    await write_audit(connection, cause, "alert_worsened", alert.alert_id)
    return replace(alert, severity="CRITICAL", version=alert.version + 2)


async def _take(connection: Connection, alert: Alert, step: Step, now: datetime) -> int:
    if not await connection.fetchval(sql.take_step, alert.alert_id, step, now):
        return 0
    event = AlertEscalated(
        alert_id=alert.alert_id,
        loss_id=alert.loss_id,
        severity=alert.severity,
        step=step,
        days_left=days_left(alert.report_by, now),
        report_by=alert.report_by,
        at=now,
    )
    await append(connection, event, sequence=alert.version + 1, now=now)
    await write_audit(connection, Cause("ladder", None, now), "alert_escalated", alert.alert_id, step=step)
    return 1
