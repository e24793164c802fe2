"""What the mass guard held, a director releases or rejects after looking (P27)."""

from datetime import datetime

from cpt.contracts.alerts import ConfirmationAsked
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.store import Alert, alert_of, sql
from review.store import Cause, write_audit


async def release_held_alerts(connection: Connection, director: Person, now: datetime) -> int:
    """They settle like any other suspicion; returns how many."""
    held = await _lock(connection, director)
    await connection.execute(sql.release_held, [alert.alert_id for alert in held])
    await _audit(connection, held, Cause("release_held", director.sub, now), "alert_released")
    return len(held)


async def reject_held_alerts(connection: Connection, director: Person, now: datetime) -> int:
    """A fault of the data: closed and still listed; SPIRE is asked again about every student concerned."""
    held = await _lock(connection, director)
    await connection.execute(sql.reject_held, [alert.alert_id for alert in held], now, director.sub)
    for alert in held:
        event = ConfirmationAsked(
            alert_id=alert.alert_id, loss_id=alert.loss_id, request_ids=alert.request_ids, at=now, rejected=True
        )
        await append(connection, event, sequence=alert.version + 1, now=now)
    await _audit(connection, held, Cause("reject_held", director.sub, now), "alert_rejected")
    return len(held)


async def _lock(connection: Connection, director: Person) -> list[Alert]:
    """But those about the director's own request (A31)."""
    return [alert_of(row) for row in await connection.fetch(sql.lock_held_alerts, director.sub)]


async def _audit(connection: Connection, held: list[Alert], cause: Cause, action: str) -> None:
    for alert in held:
        await write_audit(connection, cause, action, alert.alert_id)
