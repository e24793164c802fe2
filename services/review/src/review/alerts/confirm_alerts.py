"""A suspicion becomes an alert: the window has passed and SPIRE still shows the loss, or is silent (P26)."""

from datetime import datetime

from cpt.contracts.alerts import ConfirmationAsked
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.messaging import append
from cpt.postgres import Connection, Database
from review.alerts.alert_raised import alert_raised
from review.alerts.domain import SPIRE_PATIENCE, require_transition
from review.alerts.store import NOTHING_AROUND, Alert, add_note, alert_of, sql, surroundings_of
from review.store import Cause, write_audit

STILL_SHOWN = "SPIRE still shows the course; the student says that they left it."


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
    if event.outcome not in ("met", "not_met") or not event.asked_by:
        return
    rows = await connection.fetch(sql.lock_suspicions_asked, list(event.asked_by), event.request_id)
    for alert in map(alert_of, rows):
        if event.outcome == "not_met" or _not_cleared_by_met(alert):
            if event.outcome == "met" and alert.loss.cause == "reported":
                await add_note(connection, alert.alert_id, cause, STILL_SHOWN)
            await _confirm(connection, alert, cause, without_spire=False)


def _not_cleared_by_met(alert: Alert) -> bool:
    """A *met* speaks of the named course alone: gone, another loss would have been regained. And what the student says
    (case 81) SPIRE may show late, so a person asks.
    """
    return alert.about in ("status", "load") or alert.loss.unnamed or alert.loss.cause == "reported"


async def _ask(connection: Connection, alert: Alert, now: datetime) -> None:
    event = ConfirmationAsked(alert_id=alert.alert_id, loss_id=alert.loss_id, request_ids=alert.request_ids, at=now)
    asked = await append(connection, event, sequence=alert.version + 1, now=now)
    await connection.execute(sql.name_confirmation, alert.alert_id, asked, now)


async def _confirm(connection: Connection, alert: Alert, cause: Cause, *, without_spire: bool) -> None:
    require_transition(alert.state, "confirmed")
    version = await connection.fetchval(sql.confirm_alert, alert.alert_id, cause.at, without_spire)
    around = (await surroundings_of(connection, [alert.alert_id])).get(alert.alert_id, NOTHING_AROUND)
    event = alert_raised(alert, around, cause.at, without_spire=without_spire)
    await append(connection, event, sequence=version, now=cause.at)
    await write_audit(connection, cause, "alert_confirmed", alert.alert_id, without_spire=without_spire)
