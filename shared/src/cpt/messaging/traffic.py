"""What waits to leave and what was taken in, for the people who look after it."""

from typing import Any

from cpt.messaging.outbox import sql
from cpt.messaging.progress import OUTCOMES
from cpt.postgres import Database

_NOTHING = dict.fromkeys((*OUTCOMES, "lag"), 0)


async def show_traffic(database: Database, consumer: str) -> dict[str, Any]:
    """`waiting` events in the outbox and since when the oldest has waited; totals by topic, and what waits in it."""
    async with database.connection() as connection:
        waiting = await connection.fetchrow(sql.outbox_waiting)
        assert waiting is not None
        consumed = {row["topic"]: dict(row) for row in await connection.fetch(sql.consumed, consumer)}
        lag = {row["topic"]: dict(row) for row in await connection.fetch(sql.lag_by_topic, consumer)}
    topics = [
        _NOTHING | {"topic": name} | consumed.get(name, {}) | lag.get(name, {}) for name in sorted(consumed | lag)
    ]
    silent = max((one["silent_seconds"] for one in lag.values()), default=None)
    return {**dict(waiting), "topics": topics, "lag": sum(one["lag"] for one in lag.values()), "silent_seconds": silent}
