"""A service's messaging tables and a real broker."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr

from cpt.messaging.kafka import build_producer
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate

LOOK_EVERY = 0.05


@pytest.fixture
def kafka_settings(kafka):
    return KafkaSettings(bootstrap_servers=kafka, session_timeout_ms=6_000, heartbeat_interval_ms=500)


@pytest.fixture
async def database(database_url, tmp_path):
    await migrate(database_url, "demo", tmp_path)
    database = Database(PostgresSettings(dsn=SecretStr(database_url)), "demo", "tests")
    await database.open()
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE effect (at bigint GENERATED ALWAYS AS IDENTITY, what text NOT NULL)")
    yield database
    await database.close()


@asynccontextmanager
async def sending(settings):
    producer = build_producer(settings, "tests")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def everything_on(topic, kafka, at_least, seconds=20):
    """Every record of a topic from its beginning, once `at_least` are there."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    records = []
    try:
        for _ in range(round(seconds / 0.2)):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records += batch
            if len(records) >= at_least:
                break
    finally:
        await consumer.stop()
    assert len(records) >= at_least, f"{len(records)} of {at_least} records came"
    return records


async def until(condition, seconds=20):
    """Waits for an async condition to be true and returns it; fails by its name when it does not come true.

    The seconds are counted in looks, each of which takes longer on a busy machine, as does what is waited for.
    """
    for _ in range(round(seconds / LOOK_EVERY)):
        if found := await condition():
            return found
        await asyncio.sleep(LOOK_EVERY)
    pytest.fail(f"{condition.__name__} did not come true")
