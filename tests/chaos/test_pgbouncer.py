"""PgBouncer between a service and PostgreSQL: what works, and what a pool by the transaction does not cost."""

import asyncio
import os
import shutil
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer
from cpt.messaging.bounds import DeliveryLimits
from cpt.messaging.delivery import Delivery
from cpt.messaging.errors import BudgetSpent
from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from infra.devstack.child import Program, running
from infra.devstack.ports import free_port
from tests.messages import a_record, an_event

pytestmark = pytest.mark.skipif(not shutil.which("pgbouncer"), reason="no PgBouncer: apt-get install pgbouncer")
OWNER = "postgres"
SETTINGS = """
[databases]
cpt = host={host} port={port} dbname={database} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
ignore_startup_parameters = jit,search_path,idle_in_transaction_session_timeout
"""


@asynccontextmanager
async def pooled(folder, url, mode, size):
    """A database as the handbook asks for it: its search path is the database's, for the pooler drops the process's."""
    parts, listen = urlsplit(url), free_port()
    known = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    words = SETTINGS.format(**known, database=parts.path[1:], listen=listen, mode=mode, size=size)
    file = folder / "pgbouncer.ini"
    file.write_text(words)
    root = os.getuid() == 0
    if root:
        for place in (folder, file):
            shutil.chown(place, OWNER)
        for above in list(folder.parents)[:3]:
            above.chmod(0o755)

    async def ready():
        try:
            await (await asyncpg.connect(port=listen, host="127.0.0.1", user="x", database="cpt")).close()
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    command = (shutil.which("pgbouncer"), str(file))
    program = Program("pgbouncer", command, folder, folder.parent / "log", ready=ready, user=OWNER if root else "")
    settings = PostgresSettings(dsn=SecretStr(f"postgresql://x@127.0.0.1:{listen}/cpt"), target_session_attrs="any")
    async with running(program), Database(settings, "demo", "tests") as database:
        yield database


@pytest.fixture
async def prepared(database_url, tmp_path):
    """The address of a database whose tables a migration made directly."""
    await migrate(database_url, "demo", tmp_path / "none")
    admin = await asyncpg.connect(database_url)
    await admin.execute("CREATE TABLE demo.effect (what text)")
    await admin.execute(f"ALTER DATABASE {urlsplit(database_url).path[1:]} SET search_path = demo")
    yield database_url, admin
    await admin.close()


async def deliver_at_once(database, partitions):
    consumer = Consumer("demo")

    @consumer.on(AgreementLost)
    async def on_agreement_lost(connection, envelope):
        await connection.execute("INSERT INTO effect VALUES ($1)", envelope.event.why)

    async def one(partition):
        delivery = Delivery(consumer, database, DeliveryLimits(budget=1))
        for offset in range(3):
            event = an_event(f"{partition} {offset}", f"{partition} {offset}")
            await delivery([a_record(event, partition=partition, offset=offset)])

    return await asyncio.gather(*(one(partition) for partition in range(partitions)), return_exceptions=True)


async def test_behind_a_pool_by_the_session_all_works(prepared, tmp_path):
    """P31–P35 hold behind PgBouncer in session mode, with the settings that docs/kubernetes.md names."""
    url, admin = prepared
    (tmp_path / "pool").mkdir()
    async with pooled(tmp_path / "pool", url, "session", 10) as database:
        await database.ping()
        assert await deliver_at_once(database, 4) == [None] * 4
    assert await admin.fetchval("SELECT count(*) FROM demo.effect") == 12


async def test_a_pool_by_the_transaction_is_no_reason_to_park(prepared, tmp_path):
    """P33: a prepared statement stays with the connection that another one has now; messages wait, and are not blamed."""
    url, admin = prepared
    (tmp_path / "pool").mkdir()
    async with pooled(tmp_path / "pool", url, "transaction", 2) as database:
        outcomes = await deliver_at_once(database, 6)
    assert {type(outcome) for outcome in outcomes} <= {BudgetSpent, type(None)}
    assert await admin.fetchval("SELECT count(*) FROM demo.parked") == 0
