"""A suspicion becomes an alert: the window has passed and SPIRE still shows the loss, or is silent (P26)."""

from datetime import datetime

from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.review import AlertRaised, ConfirmationAsked
from cpt.contracts.values import Recipient
from cpt.messaging import append
from cpt.postgres import Connection, Database
from review.alerts.domain import SPIRE_PATIENCE, days_left, masked, require_drawn
from review.alerts.store import Alert, alert_of, sql
from review.store import Cause, find_case, write_audit


async def settle_alerts(database: Database, now: datetime) -> int:
    """One step of the loop: asks SPIRE about suspicions whose window has passed, confirms those it is silent on."""
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.due_to_settle, now, now - SPIRE_PATIENCE)
        for alert in map(alert_of, rows):
            if alert.confirmation_id is None:
                await _ask(connection, alert, now)
            else:
                await _confirm(connection, alert, Cause("spire_silent", None, now), without_spire=True)
    return len(rows)


async def confirm_alert(connection: Connection, event: EnrollmentChecked, cause: Cause) -> None:
    """A read begun after the question still shows the loss; any other answer leaves the suspicion as it is."""
    if event.outcome != "not_met" or not event.asked_by:
        return
    rows = await connection.fetch(sql.lock_suspicions_asked, list(event.asked_by), event.request_id)
    for row in rows:
        await _confirm(connection, alert_of(row), cause, without_spire=False)


async def _ask(connection: Connection, alert: Alert, now: datetime) -> None:
    event = ConfirmationAsked(alert_id=alert.alert_id, loss_id=alert.loss_id, request_ids=alert.request_ids, at=now)
    asked = await append(connection, event, sequence=alert.version + 1, now=now)
    await connection.execute(sql.name_confirmation, alert.alert_id, asked, now)


async def _confirm(connection: Connection, alert: Alert, cause: Cause, *, without_spire: bool) -> None:
    require_drawn(alert.state, "confirmed")
    version = await connection.fetchval(sql.confirm_alert, alert.alert_id, cause.at, without_spire)
    event = AlertRaised(
        alert_id=alert.alert_id,
        loss_id=alert.loss_id,
        severity=alert.severity,
        overdue=alert.born_overdue,
        emplid=alert.loss.emplid,
        student_name=alert.loss.student_name,
        sevis_id_masked=masked(alert.loss.sevis_id),
        authorizations=alert.loss.authorizations,
        strm=alert.loss.strm,
        course=alert.loss.course,
        cause=alert.loss.cause,
        effective_on=alert.effective_on,
        received_at=alert.loss.received_at,
        detected_at=alert.loss.detected_at,
        report_by=alert.report_by,
        days_left=days_left(alert.report_by, cause.at),
        assigned_adviser=await _adviser_of(connection, alert),
        confirmed_without_spire=without_spire,
    )
    await append(connection, event, sequence=version, now=cause.at)
    await write_audit(connection, cause, "alert_confirmed", alert.alert_id, without_spire=without_spire)


async def _adviser_of(connection: Connection, alert: Alert) -> Recipient | None:
    """Whoever holds the first case concerned, or issued it."""
    for request_id in alert.request_ids:
        case = await find_case(connection, request_id)
        if case is not None and case.holder is not None:
            return Recipient(name=case.holder.name or case.holder.sub, email=case.holder.email)
    return None
