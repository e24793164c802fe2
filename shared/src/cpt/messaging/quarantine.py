"""Events the broker refused for good: a person releases or discards them (P32)."""

from typing import Any

import structlog

from cpt.messaging.outbox import sql
from cpt.postgres import Database

log = structlog.get_logger()


class NotQuarantined(Exception):
    """No event of this number is held back."""


async def list_quarantine(database: Database) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        return [dict(row) for row in await connection.fetch(sql.list_quarantine)]


async def release_quarantined(database: Database, seq: int, actor: str) -> int:
    """All rows of its key go back to the outbox under their old numbers, under the relay lock; returns how many."""
    async with database.transaction() as connection:
        await connection.execute(sql.wait_for_relay_lock)
        status: str = await connection.execute(sql.release_quarantined_key, seq)
        released = int(status.rpartition(" ")[2])
        if not released:
            raise NotQuarantined(f"no event is held back under number {seq}")
    log.info("quarantine_released", seq=seq, rows=released, actor=actor)
    return released


async def discard_quarantined(database: Database, seq: int, actor: str) -> str:
    """Never to be sent; returns the event's id."""
    async with database.transaction() as connection:
        await connection.execute(sql.wait_for_relay_lock)
        event_id: str | None = await connection.fetchval(sql.discard_quarantined, seq)
        if event_id is None:
            raise NotQuarantined(f"no event is held back under number {seq}")
    log.info("quarantine_discarded", seq=seq, event_id=event_id, actor=actor)
    return event_id
