"""What waits to leave and what was taken in, for the people who look after it."""

from typing import Any

from cpt.messaging.outbox import sql
from cpt.postgres import Database


async def show_traffic(database: Database, consumer: str) -> dict[str, Any]:
    """`waiting` events in the outbox and since when the oldest has waited; totals by topic."""
    async with database.connection() as connection:
        waiting = await connection.fetchrow(sql.outbox_waiting)
        assert waiting is not None
        topics = [dict(row) for row in await connection.fetch(sql.consumed, consumer)]
    return {**dict(waiting), "topics": topics}
