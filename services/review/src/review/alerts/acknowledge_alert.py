"""Somebody has seen the alert: named person, time, comment; acknowledged is not resolved."""

from datetime import datetime

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.alerts.domain import AlertRefused, require_transition
from review.alerts.store import add_note, lock_known_alert, sql
from review.store import Cause, write_audit


async def acknowledge_alert(connection: Connection, alert_id: str, person: Person, comment: str, now: datetime) -> None:
    """The first acknowledgement stays on record; the clock runs on until an outcome. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await lock_known_alert(connection, alert_id)
    if alert.state == "closed":  # opening it again is an act of its own
        raise AlertRefused("The alert is closed.")
    require_transition(alert.state, "acknowledged")
    cause = Cause("acknowledge", person.sub, now)
    await connection.execute(sql.acknowledge_alert, alert_id, now, person.sub)
    if comment:
        await add_note(connection, alert_id, cause, comment)
    await write_audit(connection, cause, "alert_acknowledged", alert_id)
