"""Real servers for the tests: PostgreSQL and Kafka start when a test first asks, once for all workers."""

import functools
import gc
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpcore2
import httpx2
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from cpt.postgres.migrations import migrate
from infra.devstack.databases import connected
from infra.devstack.lend import borrow, give_back
from tests import costs
from tests.order import Together, arrange

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # every process of a test would compile every module anew
sys.dont_write_bytecode = False
for _part in ("connect", "read", "write", "pool"):  # a client that says nothing waits for a busy machine
    setattr(httpx2._config.DEFAULT_TIMEOUT_CONFIG, _part, 60.0)
httpcore2.default_ssl_context = functools.cache(httpcore2.default_ssl_context)  # reads every root certificate
KINDS = ("migrate", "web", "worker")
LENT = pytest.StashKey[tuple[Path, int]]()
LENDER = os.environ.get("CPT_TESTS_SERVERS")
"""`FOLDER|PID` of whoever runs many sessions and lends all of them the same servers."""


def pytest_configure(config):
    config.pluginmanager.register(costs)
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


def pytest_collection_modifyitems(items):
    arrange(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Thousands of tests and all that they load are never garbage, and nobody looks through them again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput") and not LENDER:
        folder, _ = config.stash[LENT]
        give_back(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def borrowed(pytestconfig) -> Callable[[str], str]:
    folder, owner = pytestconfig.stash[LENT]

    def timed(name: str) -> str:
        with costs.start_of(name):
            return borrow(name, Path(folder), owner)

    return timed


@pytest.fixture(scope="session")
def postgres(borrowed) -> str:
    """The administrator's DSN."""
    return borrowed("postgres")


@pytest.fixture(scope="session")
async def server_admin(postgres):
    """A connection for all that makes and drops databases: to sign in costs as much as to make one."""
    async with connected(postgres) as connection:
        yield connection


@pytest.fixture(scope="session")
def kafka(borrowed) -> str:
    """The bootstrap servers."""
    return borrowed("kafka")


@pytest.fixture
async def database_url(postgres, server_admin) -> AsyncIterator[str]:
    """The DSN of an empty database of this test's own."""
    name = f"test_{uuid.uuid4().hex}"
    await server_admin.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    yield _address(postgres, name)
    await server_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def service_roles(database_url) -> AsyncIterator[Callable[[str], Awaitable[dict[str, str]]]]:
    """`await service_roles(service)`: the service's empty schema, and the DSN of each of its roles."""
    made = []

    async def create(service: str) -> dict[str, str]:
        database, addresses = urlsplit(database_url).path[1:], {}
        async with connected(database_url) as admin:
            for kind in KINDS:
                made.append(role := f"{database}_{service}_{kind}")
                await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
                addresses[kind] = _address(database_url, database, role)
            await admin.execute(f"CREATE SCHEMA {service} AUTHORIZATION {made[-3]}")
        return addresses

    yield create
    async with connected(database_url) as admin:
        for role in made:
            await admin.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


@pytest.fixture(scope="session")
async def migrated(postgres) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """`await migrated(service)`: a template of the service's migrated schema, made once; its roles begin with its name."""
    made: dict[str, str] = {}

    async def template(service: str) -> str:
        if service not in made:
            name = f"template_{uuid.uuid4().hex}"
            await _make_template(postgres, name, service)
            made[service] = name
        return made[service]

    yield template
    async with connected(postgres) as admin:
        for name in made.values():
            await admin.execute(f"DROP DATABASE {name}")
            await admin.execute(f"DROP ROLE {', '.join(f'{name}_{kind}' for kind in KINDS)}")


@pytest.fixture
async def cloned(postgres, server_admin, migrated) -> AsyncIterator[Callable[[str], Awaitable[dict[str, str]]]]:
    """`await cloned(service)`: a migrated database of this test's own; the DSN of `admin` and of each of its roles."""
    names = []

    async def clone(service: str) -> dict[str, str]:
        template = await migrated(service)
        names.append(name := f"test_{uuid.uuid4().hex}")
        await server_admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        own = {kind: _address(postgres, name, f"{template}_{kind}") for kind in KINDS}
        return {"admin": _address(postgres, name), **own}

    yield clone
    for name in names:
        await server_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _make_template(postgres: str, name: str, service: str) -> None:
    async with connected(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        for kind in KINDS:
            await admin.execute(f"CREATE ROLE {name}_{kind} LOGIN PASSWORD 'secret'")
    async with connected(_address(postgres, name)) as admin:
        await admin.execute(f"CREATE SCHEMA {service} AUTHORIZATION {name}_migrate")
    folder = Path("services", service.replace("_", "-"), "migrations")
    await migrate(_address(postgres, name, f"{name}_migrate"), service, folder)


def _address(postgres: str, database: str, role: str | None = None) -> str:
    parts = urlsplit(postgres)._replace(path=f"/{database}")
    if role:
        parts = parts._replace(netloc=f"{role}:secret@{parts.netloc.rpartition('@')[2]}")
    return urlunsplit(parts)


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
