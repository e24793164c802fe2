"""Somebody stands in for an adviser on leave: an alert is never dropped (R33)."""

from datetime import datetime

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.alerts.domain import AlertRefused
from review.alerts.store import add_note, lock_known_alert, sql
from review.domain import Refused
from review.store import Cause, write_audit


async def delegate_alert(connection: Connection, alert_id: str, person: Person, to: str, now: datetime) -> None:
    """Whoever had it keeps it too. Raises `NoSuchAlert`, `AlertRefused`, `Refused` (own_case, A31)."""
    alert = await lock_known_alert(connection, alert_id)
    if alert.loss.emplid == to:
        raise Refused("own_case", "The alert is about this person's own request.")
    if await connection.fetchval(sql.add_delegate, alert_id, to, person.sub, now) is None:
        raise AlertRefused("This person is already a backup.")
    cause = Cause("delegate", person.sub, now)
    await add_note(connection, alert_id, cause, f"{to} is a backup from now on.")
    await write_audit(connection, cause, "alert_delegated", alert_id, to=to)
