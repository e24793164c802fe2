"""The devstack's second choice of servers: PostgreSQL and Kafka as containers of a Docker engine."""

import asyncio
import importlib
import shutil
import subprocess
import uuid
from pathlib import Path

import asyncpg
import pytest

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, ensure_topics
from infra.cluster.engine import docker
from infra.devstack.kafka import jars

pytestmark = pytest.mark.timeout(600)
IMAGES = Path(__file__).parent / "images"
PUBLIC = {"postgres": "postgres:17-alpine", "kafka": "apache/kafka:4.1.0"}


def can_be_had(engine, image):
    for act in ("image inspect", "pull -q"):
        command = ["docker", *act.split(), image]
        if subprocess.run(command, env=engine, capture_output=True, check=False).returncode == 0:
            return True
    return False


@pytest.fixture(scope="module")
async def images(engine, image_base, tmp_path_factory):
    """The public ones, or our own on Debian's packages where no registry is reachable."""
    found = {}
    for name, public in PUBLIC.items():
        if can_be_had(engine, public):
            found[name] = public
            continue
        context, found[name] = tmp_path_factory.mktemp(name) / "context", f"localhost/cpt-{name}:test"
        shutil.copytree(IMAGES / name, context)
        if name == "kafka":
            shutil.copytree(await jars(context.parent / "log"), context / "jars")
        await asyncio.to_thread(
            docker, engine, "build", "-q", "--build-arg", f"BASE={image_base}", "-t", found[name], str(context)
        )
    return found


@pytest.fixture
def containers(images, monkeypatch):
    for name, image in images.items():
        monkeypatch.setenv(f"CPT_DEVSTACK__{name.upper()}_IMAGE", image)
    module, mark = importlib.import_module("infra.devstack.containers"), f"test-{uuid.uuid4().hex}"
    yield lambda name: module.start(name, mark)
    module.sweep(mark)


async def test_postgresql_comes_from_a_container(containers):
    """Design §10: a Docker engine is the second choice, with testcontainers."""
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
