"""The same act on several alerts of the board at once, and its undoing, each in two statements however many there are."""

from collections.abc import Sequence
from datetime import datetime

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.alerts.store import sql
from review.store import Cause
from review.store import sql as review_sql


async def acknowledge_alerts(
    connection: Connection, alert_ids: Sequence[str], viewer: str | None, person: Person, now: datetime
) -> int:
    """Those that are confirmed and the viewer's to see, but none about the person (A31); returns how many."""
    ids = [
        row["alert_id"]
        for row in await connection.fetch(sql.acknowledge_alerts, list(alert_ids), viewer, now, person.sub)
    ]
    return await _logged(connection, ids, "alert_acknowledged", Cause("acknowledge", person.sub, now))


async def undo_acknowledging(connection: Connection, person: Person, at: datetime, now: datetime) -> int:
    """What this person acknowledged in that one act, where nothing else happened to it since: nobody has seen it after all."""
    ids = [row["alert_id"] for row in await connection.fetch(sql.undo_acknowledging, person.sub, at)]
    return await _logged(connection, ids, "alert_acknowledgment_undone", Cause("undo", person.sub, now))


async def assign_alerts(
    connection: Connection, alert_ids: Sequence[str], to: str, person: Person, now: datetime
) -> int:
    """A backup sees them from now on; nobody gets an alert about themselves (A31)."""
    ids = [row["alert_id"] for row in await connection.fetch(sql.add_delegates, list(alert_ids), to, person.sub, now)]
    return await _logged(connection, ids, "alert_delegated", Cause("delegate", person.sub, now))


async def undo_assigning(connection: Connection, person: Person, at: datetime, now: datetime) -> int:
    ids = [row["alert_id"] for row in await connection.fetch(sql.remove_delegates, person.sub, at)]
    return await _logged(connection, ids, "alert_delegation_undone", Cause("undo", person.sub, now))


async def _logged(connection: Connection, ids: Sequence[str], action: str, cause: Cause) -> int:
    await connection.execute(review_sql.write_audits, cause.at, cause.actor, action, ids, {"cause": cause.id})
    return len(ids)
