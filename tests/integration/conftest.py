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
from infra.devstack.patience import stretched
from tests.integration.brokers import own_broker

RULES = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
}


@pytest.fixture(scope="session")
async def broker(tmp_path_factory):
    """To be hurt; whoever stops it starts it again."""
    async with own_broker(tmp_path_factory.mktemp("broker"), RULES) as broker:
        yield broker


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
        async with asyncio.timeout(stretched(seconds)):
            while len(records) < at_least:
                for batch in (await consumer.getmany(timeout_ms=200)).values():
                    records += batch
    finally:
        await consumer.stop()
    return records


async def until(condition, seconds=20):
    """Waits for an async condition to be true and returns it; fails by its name when it does not come true.

    The seconds are those of a quiet machine.
    """
    began = asyncio.get_running_loop().time()
    while not (value := await condition()):
        passed = asyncio.get_running_loop().time() - began
        assert passed < stretched(seconds), f"{condition.__name__} did not come true"
        await asyncio.sleep(0.05)
    return value
