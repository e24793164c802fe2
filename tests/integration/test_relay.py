"""What committed is published, per key in order, and nothing else (promise 8, P32)."""

import asyncio
import random

import pytest
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from cpt.messaging import Consumer
from cpt.messaging.kafka import build_producer
from cpt.messaging.outbox import append, sql
from cpt.messaging.quarantine import discard_quarantined, list_quarantine, release_quarantined
from cpt.messaging.relay import Relay
from cpt.postgres import Database, PostgresSettings
from tests.integration.conftest import everything_on, until
from tests.messages import NOW, an_event

RELAYS = "relays"


@pytest.fixture
async def relays_database(database, database_url):
    """The same one, in sessions of the relays' own: to end these hurts nobody else."""
    own = Database(PostgresSettings(dsn=SecretStr(database_url)), "demo", RELAYS)
    await own.open()
    yield own
    await own.close()


@pytest.fixture
async def relay(database, kafka_settings):
    relay = Relay(database, lambda: build_producer(kafka_settings, "tests"))
    yield relay
    await relay.close()


async def publish(database, topic, *events, commit=True):
    async with database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        for event in events:
            await append(connection, event, sequence=1, now=NOW)
        await connection.execute("UPDATE outbox SET topic = $1 WHERE topic = 'cpt.intake'", topic)
        await (transaction.commit() if commit else transaction.rollback())


async def empty(database):
    async with database.connection() as connection:
        return await connection.fetchval("SELECT count(*) = 0 FROM outbox")


async def drain(relay, database):
    while not await empty(database):
        await relay.step()


async def test_an_event_arrives_with_its_cloudevents_headers(relay, database, topic, kafka):
    name = await topic()
    await publish(database, name, an_event("r1", "gone"))
    await drain(relay, database)

    (record,) = await everything_on(name, kafka, 1)
    headers = {key: value.decode() for key, value in record.headers}
    assert record.key == b"r1"
    assert headers["ce_type"] == "edu.umass.cpt.agreement-lost.v1"
    assert {"ce_id", "ce_source", "ce_time", "ce_sequence", "ce_dataschema", "content-type"} <= headers.keys()


async def test_a_rolled_back_event_is_never_sent(relay, database, topic, kafka):
    name = await topic()
    await publish(database, name, an_event(why="no"), commit=False)
    await publish(database, name, an_event(why="yes"))
    await drain(relay, database)

    assert [b"yes" in record.value for record in await everything_on(name, kafka, 1)] == [True]


async def test_a_crash_between_produce_and_delete_sends_again_and_loses_nothing(
    relay, database, topic, kafka, monkeypatch
):
    """docs/architecture.md: the inbox of every consumer expects the copy."""
    name = await topic()
    await publish(database, name, an_event(why="twice"))

    async def crash(*_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(sql, "_queries", sql._queries | {"delete_relayed": "SELECT 1 / 0, $1::bigint[]"})
        with pytest.raises(Exception, match="division by zero"):
            await relay.step()
    await drain(relay, database)

    records = await everything_on(name, kafka, 2)
    assert len({dict(record.headers)["ce_id"] for record in records}) == 1


async def test_order_per_key_holds_with_racing_writers_and_three_relays_that_crash(  # noqa: C901 one story, three parties
    database, relays_database, kafka_settings, topic, kafka
):
    """P32: sixteen writers on five keys; relays race and lose their connections mid-round."""
    name = await topic(partitions=6)
    relays = [Relay(relays_database, lambda: build_producer(kafka_settings, "tests")) for _ in range(3)]
    rng, counters, done = random.Random(3), dict.fromkeys("abcde", 0), asyncio.Event()
    locks = {key: asyncio.Lock() for key in counters}

    async def write():
        for _ in range(25):
            key = rng.choice("abcde")
            async with locks[key]:  # the aggregate's row lock
                counters[key] += 1
                await publish(database, name, an_event(key, f"{counters[key]}"))

    async def send(relay):
        while not (done.is_set() and await empty(database)):
            try:
                await relay.step()
            except Exception:  # noqa: BLE001 the crash below
                await asyncio.sleep(0.01)

    async def crash():
        while not done.is_set():
            await asyncio.sleep(rng.uniform(0.05, 0.2))
            async with database.connection() as connection:
                await connection.execute(
                    """SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
                        WHERE relation = 'lock_row'::regclass AND mode = 'RowShareLock'
                          AND datname = current_database() AND application_name = $1""",
                    RELAYS,
                )

    tasks = [asyncio.create_task(send(relay)) for relay in relays]
    crasher = asyncio.create_task(crash())
    await asyncio.gather(*(write() for _ in range(16)))
    done.set()
    await asyncio.gather(*tasks, crasher)

    seen = {key: [] for key in counters}
    for record in await everything_on(name, kafka, 400):
        why = int(record.value.split(b'"why":"')[1].split(b'"')[0])
        if why not in seen[record.key.decode()]:
            seen[record.key.decode()].append(why)
    assert seen == {key: list(range(1, last + 1)) for key, last in counters.items()}
    for relay in relays:
        await relay.close()


async def test_relays_that_race_without_a_crash_send_every_event_once(database, kafka_settings, topic, kafka):
    """P32: one relay is active at a time."""
    name = await topic()
    relays = [Relay(database, lambda: build_producer(kafka_settings, "tests")) for _ in range(3)]
    await publish(database, name, *(an_event(f"key-{number}") for number in range(600)))

    await asyncio.gather(*(drain(relay, database) for relay in relays))

    records = await everything_on(name, kafka, 600)
    assert len(records) == 600
    for relay in relays:
        await relay.close()


@pytest.fixture
async def strict_relay(database, kafka):
    """Its producer refuses anything above two thousand bytes for good."""
    relay = Relay(database, lambda: AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=2000))
    yield relay
    await relay.close()


TOO_LARGE = "x" * 3000


async def test_a_row_refused_for_good_waits_with_the_later_rows_of_its_key(strict_relay, relay, database, topic, kafka):
    """P32: quarantined in the same round; other keys go on; release drains in order."""
    name = await topic()
    await publish(database, name, an_event("r1", TOO_LARGE), an_event("r2", "other"))
    await drain(strict_relay, database)
    await publish(database, name, an_event("r1", "second"))
    await drain(strict_relay, database)

    held = await list_quarantine(database)
    assert [row["key"] for row in held] == ["r1", "r1"]
    assert await release_quarantined(database, Consumer("review"), held[0]["seq"], "operator") == 2
    await drain(relay, database)
    values = [record.value for record in await everything_on(name, kafka, 3)]
    assert [b"other" in values[0], TOO_LARGE.encode() in values[1], b"second" in values[2]] == [True] * 3


async def test_a_quarantined_row_can_be_discarded(strict_relay, database, topic):
    await publish(database, await topic(), an_event("r1", TOO_LARGE))
    await drain(strict_relay, database)

    await discard_quarantined(database, Consumer("review"), (await list_quarantine(database))[0]["seq"], "operator")

    assert await list_quarantine(database) == []


async def test_a_broken_producer_is_replaced(relay, database, topic, kafka):
    """stack.md 2.1: some producer errors stay until a new producer is made."""
    name = await topic()
    await relay.step()
    await relay._producer.stop()
    await publish(database, name, an_event())

    async def sent():
        try:
            await relay.step()
        except Exception:  # noqa: BLE001 the first round meets the dead producer
            return False
        return await empty(database)

    await until(sent)
    assert len(await everything_on(name, kafka, 1)) == 1
