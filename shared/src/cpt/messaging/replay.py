"""A person's decision about a parked message: run it again by the same handlers, or discard it (P33)."""

import asyncpg
import structlog

from cpt.messaging import inbox
from cpt.messaging.consumer import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.outbox import sql
from cpt.messaging.own_message import refuse_own
from cpt.messaging.parking import NotParked, write_audit
from cpt.messaging.reading import read
from cpt.postgres import Connection, Database

log = structlog.get_logger()


async def replay(database: Database, consumer: Consumer, parked_id: int, actor: str, reason: str = "") -> int:
    """Runs the message again, then those that waited behind it, each in its own transaction.

    Returns how many were handled. Raises `NotParked`, `OwnMessage`, and the handler's error when the message fails again; one behind
    it that fails stays parked with its reason, and the act holds.
    """
    key = await _decide(database, consumer, parked_id, actor, reason, run=True)
    return 1 + await _drain(database, consumer, key, actor)


async def discard(database: Database, consumer: Consumer, parked_id: int, actor: str, reason: str = "") -> int:
    """Claims the message's id so that no later copy is handled either, then handles those that waited. Raises
    `NotParked`, `OwnMessage`.
    """
    key = await _decide(database, consumer, parked_id, actor, reason, run=False)
    return await _drain(database, consumer, key, actor)


async def _decide(
    database: Database, consumer: Consumer, parked_id: int, actor: str, reason: str, *, run: bool
) -> tuple[str, str | None]:
    async with database.transaction() as connection:
        row = await connection.fetchrow(sql.find_parked, consumer.name, parked_id)
        if row is None:
            raise NotParked(f"no open message has the number {parked_id}")
        if row["key"] is not None:
            await connection.execute(sql.lock_parked_key, consumer.name, row["topic"], row["key"])
            first = await connection.fetchrow(sql.next_parked, consumer.name, row["topic"], row["key"])
            if first is None or first["id"] != parked_id:
                raise NotParked(f"message {parked_id} waits behind another one of its key")
    await refuse_own(database, consumer, row, actor, f"parked:{parked_id}")
    if run:
        await _replay_one(database, consumer, row, actor, reason)
    else:
        await _discard_one(database, consumer, row, actor, reason)
    return row["topic"], row["key"]


async def _drain(database: Database, consumer: Consumer, at: tuple[str, str | None], actor: str) -> int:
    topic, key = at
    if key is None:
        return 0
    handled = 0
    while True:
        async with database.transaction() as connection:
            await connection.execute(sql.lock_parked_key, consumer.name, topic, key)
            row = await connection.fetchrow(sql.next_parked, consumer.name, topic, key)
            if row is None:
                await connection.execute(sql.open_parked_key, consumer.name, topic, key)
                return handled
        try:
            await _replay_one(database, consumer, row, actor, "released with the message before it")
        except Exception as error:  # noqa: BLE001 it is kept with the message, which is the next that a person decides
            log.warning("released_message_failed", parked_id=row["id"], error=type(error).__name__)
            return handled
        handled += 1


async def _replay_one(database: Database, consumer: Consumer, row: asyncpg.Record, actor: str, reason: str) -> None:
    try:
        async with database.transaction() as connection:
            if row["key"] is not None:
                await connection.execute(sql.lock_parked_key, consumer.name, row["topic"], row["key"])
            if await connection.fetchrow(sql.find_parked, consumer.name, row["id"]) is None:
                return  # another person was faster
            await _run(connection, consumer, row)
            await _decided(connection, row, "replayed", actor, reason)
    except Exception as error:
        async with database.transaction() as connection:
            await connection.execute(sql.fail_replay, row["id"], explain(error), type(error).__name__)
        raise


async def _run(connection: Connection, consumer: Consumer, row: asyncpg.Record) -> None:
    envelope = read(consumer, row["topic"], row["headers"], row["payload"], await consumer.validators(connection))
    if envelope and await inbox.claim(connection, consumer.name, [envelope]):
        await consumer.handle(connection, [envelope])


async def _discard_one(database: Database, consumer: Consumer, row: asyncpg.Record, actor: str, reason: str) -> None:
    headers = row["headers"]
    async with database.transaction() as connection:
        if row["key"] is not None:
            await connection.execute(sql.lock_parked_key, consumer.name, row["topic"], row["key"])
        if await connection.fetchrow(sql.find_parked, consumer.name, row["id"]) is None:
            return  # another person was faster
        if headers.get("ce_source") and headers.get("ce_id"):
            await inbox.claim_id(connection, consumer.name, headers["ce_source"], headers["ce_id"])
        await _decided(connection, row, "discarded", actor, reason)


async def _decided(connection: Connection, row: asyncpg.Record, how: str, actor: str, reason: str) -> None:
    await connection.execute(sql.decide_parked, row["id"], how, actor)
    detail = {"reason": reason, "topic": row["topic"], "event_id": row["headers"].get("ce_id")}
    await write_audit(connection, actor, f"message_{how}", f"parked:{row['id']}", detail)
