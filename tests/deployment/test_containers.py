"""The devstack's second choice of servers: PostgreSQL and Kafka as containers of a Docker engine."""

import asyncio
import importlib
import uuid

import asyncpg
import pytest

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, ensure_topics
from infra.cluster.engine import docker


@pytest.fixture
def containers(images, monkeypatch):
    for name, image in images.items():
        monkeypatch.setenv(f"CPT_DEVSTACK__{name.upper()}_IMAGE", image)
    module, mark = importlib.import_module("infra.devstack.containers"), f"test-{uuid.uuid4().hex}"
    yield lambda name: module.start(name, mark)
    module.sweep(mark)


async def test_postgresql_comes_from_a_container(containers):
    """docs/architecture.md: a Docker engine is the second choice, with testcontainers."""
    _, address = await asyncio.to_thread(containers, "postgres")

    connection = await asyncpg.connect(address)
    try:
        assert await connection.fetchval("SHOW timezone") == "UTC"
    finally:
        await connection.close()


async def test_kafka_comes_from_a_container(containers):
    _, address = await asyncio.to_thread(containers, "kafka")
    listed = TopicList(partitions=6, replication_factor=3, config={"min.insync.replicas": 2}, topics=["cpt.intake"])

    assert await ensure_topics(KafkaSettings(bootstrap_servers=address), listed) == ["cpt.intake"]


async def test_nothing_stays_of_a_container_that_is_swept_away(engine, images, monkeypatch):
    monkeypatch.setenv("CPT_DEVSTACK__POSTGRES_IMAGE", images["postgres"])
    module, mark = importlib.import_module("infra.devstack.containers"), f"test-{uuid.uuid4().hex}"
    await asyncio.to_thread(module.start, "postgres", mark)

    await asyncio.to_thread(module.sweep, mark)

    assert not docker(engine, "ps", "-aq", "--filter", f"label={module.LABEL}={mark}|postgres")
