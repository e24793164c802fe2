"""The pool is bounded, and so is the wait for it."""

import httpx2
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from cpt.postgres import Database, PostgresSettings, is_transient
from cpt.web.handlers import Unforeseen


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
    app.add_middleware(Unforeseen, is_passing=is_transient)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://cpt") as client:
        async with database.connection():
            refused = await client.get("/")
        answered = await client.get("/")

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert (answered.status_code, answered.json()) == (200, 1)
