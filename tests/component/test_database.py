"""The pool is bounded, and so is the wait for it."""

import asyncio
import uuid
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from cpt.postgres import Database, PostgresSettings, is_transient
from cpt.runtime.settings import Settings
from cpt.web.handlers import Unforeseen
from infra.devstack.patience import stretched
from tests.integration.conftest import until

THERE = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)"


@pytest.fixture
async def database(database_url):
    settings = PostgresSettings(dsn=SecretStr(database_url), pool_size=1, acquire_timeout=0.2)
    database = Database(settings, "public", "tests")
    await database.open()
    yield database
    await database.close()


async def test_who_finds_every_connection_taken_is_asked_to_come_back(database):
    """Issue 5.4: overload is answered 503 with Retry-After, and nothing piles up behind it."""

    async def read(request):
        async with database.connection() as connection:
            return JSONResponse(await connection.fetchval("SELECT 1"))

    app = Starlette(routes=[Route("/", read)])
    app.add_middleware(Unforeseen, is_transient=is_transient)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://cpt") as client:
        async with database.connection():
            refused = await client.get("/")
        answered = await client.get("/")

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert (answered.status_code, answered.json()) == (200, 1)


async def test_a_transaction_whose_session_lifted_its_limits_is_ended_by_a_neighbor(database, database_url):
    """docs/security.md: no role lifts a limit of time in its own favor."""
    taken_over, neighbor = await asyncpg.connect(database_url), PostgresSettings(dsn=SecretStr(database_url))
    try:
        await taken_over.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        await taken_over.execute("BEGIN; SELECT pg_current_xact_id()")
        assert await database.end_overlong() == 0

        strict = neighbor.model_copy(update={"transaction_limit": 0.0})
        async with Database(strict, "public", "tests") as another:
            assert await another.end_overlong() == 1

            async def it_is_gone():
                async with another.connection() as connection:
                    return not await connection.fetchval(THERE, taken_over.get_server_pid())

            await until(it_is_gone)
    finally:
        taken_over.terminate()


async def test_a_pool_opens_nothing_before_it_is_needed_and_closes_what_nobody_uses(database_url):
    """A hundred connections are soon gone where each of eight processes keeps what its busiest second needed."""
    settings = PostgresSettings(dsn=SecretStr(database_url), pool_size=5, idle_age=0.3)
    observer = await asyncpg.connect(database_url)
    mine = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tests-shrink' AND datname = current_database()"
    )

    async def busy(database, all_at_once):
        async with database.connection():
            await all_at_once.wait()
            await all_at_once.wait()

    try:
        async with Database(settings, "public", "tests-shrink") as database:
            assert await observer.fetchval(mine) == 0
            all_at_once = asyncio.Barrier(6)
            async with asyncio.TaskGroup() as group:
                for _ in range(5):
                    group.create_task(busy(database, all_at_once))
                await all_at_once.wait()
                assert await observer.fetchval(mine) == 5
                await all_at_once.wait()
            async with asyncio.timeout(stretched(60)):
                while await observer.fetchval(mine):  # noqa: ASYNC110 PostgreSQL tells nobody that one is gone
                    await asyncio.sleep(0.05)
    finally:
        await observer.close()


@pytest.fixture
async def role(database_url):
    """A role of one test, and the administrator who changes its password."""
    name, admin = f"rotated_{uuid.uuid4().hex[:8]}", await asyncpg.connect(database_url)
    await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'old'")
    yield name, admin
    await admin.execute(f"DROP ROLE {name}")
    await admin.close()


async def test_a_password_that_changes_while_people_work_is_read_from_its_secret(
    role, database_url, tmp_path, monkeypatch
):
    """docs/secrets.md: first the Secret, then the role. Until the Secret has arrived the call is answered 503, and
    no message is to blame.
    """
    (name, admin), secret = role, tmp_path / "CPT_POSTGRES__DSN"
    parts = urlsplit(database_url)
    old, new = (
        parts._replace(netloc=f"{name}:{word}@{parts.hostname}:{parts.port}").geturl() for word in ("old", "new")
    )
    monkeypatch.delenv("CPT_POSTGRES__DSN", raising=False)
    monkeypatch.setenv("CPT_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("CPT_POSTGRES__CONNECTION_AGE", "0")
    secret.write_text(old)
    async with Database(Settings().postgres, "public", "tests") as database:
        await database.ping()
        await admin.execute(f"ALTER ROLE {name} PASSWORD 'new'")
        with pytest.raises(asyncpg.InvalidPasswordError) as refused:
            await database.ping()
        assert is_transient(refused.value)

        secret.write_text(new + "\n")
        await database.ping()
        secret.unlink()  # it is known from now on
        await database.ping()
