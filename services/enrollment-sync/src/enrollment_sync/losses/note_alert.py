"""What review made of a loss: an alert that people see, or a rejection by a director (P27, P28)."""

from datetime import datetime

from cpt.contracts.alerts import AlertRaised
from cpt.postgres import Connection
from enrollment_sync.store import sql, write_audit


async def note_alert(connection: Connection, event: AlertRaised, now: datetime) -> None:
    await connection.execute(sql.name_alert, event.loss_id, event.alert_id)
    await connection.execute(sql.clear_alarm, "loss_without_alert", event.loss_id, now)


async def forget_rejected(connection: Connection, loss_id: str, now: datetime) -> None:
    """The read that the rejection asks for finds the loss anew, if SPIRE shows it still."""
    if await connection.fetchval(sql.reject_loss, loss_id, now):
        await write_audit(connection, now, "review", "loss_rejected", loss_id)
