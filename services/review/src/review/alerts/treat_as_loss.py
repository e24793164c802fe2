"""A replaced course that the DSO does not confirm is a loss like any other (A24)."""

from datetime import datetime

from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.alert_raised import alert_raised
from review.alerts.domain import AlertRefused, severity_of
from review.alerts.store import NOTHING_AROUND, Alert, add_note, lock_known_alert, sql, surroundings_of
from review.store import Cause, write_audit


async def call_it_a_loss(connection: Connection, alert_id: str, person: Person, comment: str, now: datetime) -> None:
    """Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await lock_known_alert(connection, alert_id)
    if alert.kind != "notice" or alert.state == "closed":
        raise AlertRefused("Only an open alert about a replaced course can be called a loss.")
    cause = Cause("call_it_a_loss", person.sub, now)
    if comment:
        await add_note(connection, alert_id, cause, comment)
    await treat_as_loss(connection, alert, cause)


async def treat_as_loss(connection: Connection, alert: Alert, cause: Cause) -> None:
    """Its clock has run since the effective date; compliance and adviser are mailed."""
    if alert.state == "closed":
        return
    severity = severity_of([hit.position for hit in alert.loss.authorizations], "enrollment")
    version = await connection.fetchval(sql.treat_as_loss, alert.alert_id, severity, cause.at)
    around = (await surroundings_of(connection, [alert.alert_id])).get(alert.alert_id, NOTHING_AROUND)
    now_a_loss = await lock_known_alert(connection, alert.alert_id)
    event = alert_raised(now_a_loss, around, cause.at, without_spire=False)
    await append(connection, event, sequence=version, now=cause.at)
    await write_audit(connection, cause, "replacement_called_a_loss", alert.alert_id)
