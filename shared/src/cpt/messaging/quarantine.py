"""Events the broker refused for good: a person releases or discards them (P32)."""

from typing import Any

from cpt.messaging.consumer import Consumer
from cpt.messaging.outbox import sql
from cpt.messaging.own_message import refuse_own
from cpt.messaging.parking import write_audit
from cpt.postgres import Database


class NotQuarantined(Exception):
    """No event of this number is held back."""


async def list_quarantine(database: Database) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        return [dict(row) for row in await connection.fetch(sql.list_quarantine)]


async def release_quarantined(database: Database, consumer: Consumer, seq: int, actor: str, reason: str = "") -> int:
    """All rows of its key go back to the outbox under their old numbers, under the relay lock; returns how many. Raises
    `NotQuarantined`, `OwnMessage`.
    """
    await _refuse_own(database, consumer, seq, actor)
    async with database.transaction() as connection:
        await connection.execute(sql.wait_for_relay_lock)
        status: str = await connection.execute(sql.release_quarantined_key, seq)
        released = int(status.rpartition(" ")[2])
        if not released:
            raise NotQuarantined(f"no event is held back under number {seq}")
        detail = {"reason": reason, "rows": released}
        await write_audit(connection, actor, "event_released", f"quarantine:{seq}", detail)
    return released


async def discard_quarantined(database: Database, consumer: Consumer, seq: int, actor: str, reason: str = "") -> str:
    """Never to be sent; returns the event's id. Raises `NotQuarantined`, `OwnMessage`."""
    await _refuse_own(database, consumer, seq, actor)
    async with database.transaction() as connection:
        await connection.execute(sql.wait_for_relay_lock)
        event_id: str | None = await connection.fetchval(sql.discard_quarantined, seq)
        if event_id is None:
            raise NotQuarantined(f"no event is held back under number {seq}")
        detail = {"reason": reason, "event_id": event_id}
        await write_audit(connection, actor, "event_discarded", f"quarantine:{seq}", detail)
    return event_id


async def _refuse_own(database: Database, consumer: Consumer, seq: int, actor: str) -> None:
    async with database.connection() as connection:
        row = await connection.fetchrow(sql.find_quarantined, seq)
    if row is None:
        raise NotQuarantined(f"no event is held back under number {seq}")
    await refuse_own(database, consumer, row, actor, f"quarantine:{seq}")
