"""Real servers for the tests: PostgreSQL and Kafka start when a test first asks, once for all workers."""

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from infra.devstack.lend import borrow, give_back

LENT = pytest.StashKey[tuple[Path, int]]()
LENDER = os.environ.get("CPT_TESTS_SERVERS")
"""`FOLDER|PID` of whoever runs many sessions and lends all of them the same servers."""


def pytest_configure(config):
    node = getattr(config, "workerinput", None)
    if LENDER:
        folder, owner = LENDER.split("|")
        config.stash[LENT] = (Path(folder), int(owner))
    else:
        config.stash[LENT] = node["lent"] if node else (Path(tempfile.mkdtemp(prefix="cpt-tests-")), os.getpid())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    folder, owner = node.config.stash[LENT]
    node.workerinput["lent"] = (str(folder), owner)


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput") and not LENDER:
        folder, _ = config.stash[LENT]
        give_back(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def borrowed(pytestconfig) -> Callable[[str], str]:
    folder, owner = pytestconfig.stash[LENT]
    return lambda name: borrow(name, Path(folder), owner)


@pytest.fixture(scope="session")
def postgres(borrowed) -> str:
    """The administrator's DSN."""
    return borrowed("postgres")


@pytest.fixture(scope="session")
def kafka(borrowed) -> str:
    """The bootstrap servers."""
    return borrowed("kafka")


@pytest.fixture
async def database_url(postgres) -> AsyncIterator[str]:
    """The DSN of an empty database of this test's own."""
    name = f"test_{uuid.uuid4().hex}"
    async with _connected(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def service_roles(database_url) -> AsyncIterator[Callable[[str], Awaitable[dict[str, str]]]]:
    """`await service_roles(service)`: the service's schema, and the DSN of each of its roles."""
    made = []

    async def create(service: str) -> dict[str, str]:
        parts, addresses = urlsplit(database_url), {}
        async with _connected(database_url) as admin:
            for kind in ("migrate", "web", "worker"):
                made.append(role := f"{parts.path[1:]}_{service}_{kind}")
                await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
                place = parts.netloc.rpartition("@")[2]
                addresses[kind] = urlunsplit(parts._replace(netloc=f"{role}:secret@{place}"))
            await admin.execute(f"CREATE SCHEMA {service} AUTHORIZATION {made[-3]}")
        return addresses

    yield create
    async with _connected(database_url) as admin:
        for role in made:
            await admin.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


@contextlib.asynccontextmanager
async def _connected(dsn) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def topic(kafka) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """`await topic(partitions=1)` creates a topic of its own name and returns the name."""
    admin, names = AIOKafkaAdminClient(bootstrap_servers=kafka), []
    await admin.start()

    async def create(partitions: int = 1) -> str:
        names.append(f"test.{uuid.uuid4().hex}")
        await admin.create_topics([NewTopic(names[-1], partitions, replication_factor=1)], timeout_ms=10_000)
        return names[-1]

    yield create
    await admin.delete_topics(names)
    await admin.close()
