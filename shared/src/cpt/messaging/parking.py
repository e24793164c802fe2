"""Messages that wait for a person: parked by key, with their reason, shown with what they hold (P33)."""

from typing import Any

from cpt.messaging.consumer import Consumer
from cpt.messaging.errors import Reject, explain
from cpt.messaging.outbox import sql
from cpt.messaging.own_message import refuse_own
from cpt.messaging.record import Record
from cpt.postgres import Connection, Database


class Waiting(Reject):
    """The message itself may be fine; an earlier one of its key is not."""


class NotParked(Exception):
    """No open message has this id, or an earlier one of its key must be decided first."""


WAITS = Waiting("waits behind an earlier message of its key")


async def park(connection: Connection, consumer: Consumer, record: Record, error: Exception, *, attempts: int) -> None:
    """Idempotent: a record delivered again is parked once."""
    if record.key is not None:
        await connection.execute(sql.lock_parked_key, consumer.name, record.topic, record.key)
    fresh = await connection.fetchval(
        sql.park,
        consumer.name,
        record.topic,
        record.key,
        record.partition,
        record.offset,
        record.timestamp,
        dict(record.headers),
        record.value,
        explain(error),
        type(error).__name__,
        attempts,
        consumer.now(),
    )
    if fresh:
        await consumer.parked(connection, record)


async def list_parked(database: Database, consumer: str) -> list[dict[str, Any]]:
    """The first open message of every key, oldest first."""
    async with database.connection() as connection:
        return [dict(row) for row in await connection.fetch(sql.list_parked, consumer)]


async def show_parked(database: Database, consumer: Consumer, parked_id: int, actor: str) -> dict[str, Any]:
    """Headers, body as text and reason of an open message; the reading is audited. Raises `NotParked`,
    `OwnMessage`.
    """
    async with database.connection() as connection:
        row = await connection.fetchrow(sql.show_parked, consumer.name, parked_id)
    if row is None:
        raise NotParked(f"no open message has the number {parked_id}")
    await refuse_own(database, consumer, row, actor, f"parked:{parked_id}")
    async with database.transaction() as connection:
        await write_audit(
            connection, actor, "message_read", f"parked:{parked_id}", {"event_id": row["headers"].get("ce_id")}
        )
    found = dict(row)
    return found | {"payload": found["payload"].decode("utf-8", "replace")}


async def write_audit(connection: Connection, actor: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    """An act of an operator goes into the service's audit record, in the transaction of the act."""
    await connection.execute(sql.write_operator_audit, actor, action, subject, detail)
