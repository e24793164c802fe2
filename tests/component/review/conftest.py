"""Review on its real migrated schema, driven by events and by acts of people."""

import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.envelope import decode
from cpt.postgres import Database, PostgresSettings
from cpt.runtime.settings import OidcSettings
from infra.campus.server import running_campus
from infra.campus.settings import Settings as CampusSettings
from review.app import build_web
from review.consumer import build_consumer
from review.settings import DocumentSettings, ReviewRules, ReviewSettings
from review.store import find_case, find_number
from tests.factories import NOW, enveloped

HOLD = timedelta(minutes=30)


class Review:
    """What a test says and sees; `now` is the time of the next thing that happens."""

    def __init__(self, database):
        self.database, self.now = database, NOW
        self.consumer = build_consumer(ReviewRules(), lambda: self.now)
        self._ids = count(1)

    async def hear(self, *events):
        """Delivers the events in one batch, in this order."""
        envelopes = [enveloped(event, f"event-{next(self._ids)}") for event in events]
        async with self.database.transaction() as connection:
            await self.consumer.handle(connection, envelopes)

    @asynccontextmanager
    async def act(self):
        async with self.database.transaction() as connection:
            yield connection

    async def case(self, request_id="r1"):
        async with self.database.connection() as connection:
            return await find_case(connection, request_id)

    async def number(self, receipt_number=1):
        async with self.database.connection() as connection:
            return await find_number(connection, receipt_number)

    async def published(self, kind=None):
        """The events in the outbox, oldest first, with their ids."""
        async with self.database.connection() as connection:
            rows = await connection.fetch("SELECT event_id, headers, payload FROM outbox ORDER BY seq")
        envelopes = [decode(row["headers"], row["payload"]) for row in rows]
        return [envelope for envelope in envelopes if kind is None or isinstance(envelope.event, kind)]

    async def value(self, query, *values):
        async with self.database.connection() as connection:
            return await connection.fetchval(query, *values)

    async def tasks(self, request_id="r1"):
        async with self.database.connection() as connection:
            rows = await connection.fetch("SELECT code FROM task WHERE request_id = $1 ORDER BY id", request_id)
        return [row["code"] for row in rows]


@pytest.fixture
async def roles(cloned):
    """What each process signs in with; a test itself looks as the administrator."""
    return await cloned("review")


@pytest.fixture
def database_url(roles):
    return roles["admin"]


@pytest.fixture
async def review(roles, database_url):
    database = Database(PostgresSettings(dsn=SecretStr(database_url), pool_size=25), "review", "tests")
    await database.open()
    yield Review(database)
    await database.close()


@pytest.fixture(scope="session")
async def campus(tmp_path_factory):
    """The simulated campus signs the tokens; an hour behind, for its clock runs on while the app's stands still."""
    then = (NOW - timedelta(hours=1) - datetime.now(UTC)).total_seconds()
    folder = tmp_path_factory.mktemp("campus")
    settings = CampusSettings(port=0, smtp_port=0, kafka="", state_dir=folder, clock_offset=then)
    async with running_campus(settings, await_kafka=False) as running:
        yield running


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("documents")


@pytest.fixture
def documents(shelf):
    """Where intake keeps the documents; a test finds it empty."""
    shutil.rmtree(shelf)
    shelf.mkdir()
    return shelf


@pytest.fixture
def web_settings(review, roles, campus, documents):
    return ReviewSettings(
        postgres=PostgresSettings(dsn=SecretStr(roles["web"])),
        oidc=OidcSettings(issuer=campus.issuer),
        public_url="http://review.example",
        documents=DocumentSettings(url=documents.as_uri()),
    )


@pytest.fixture
async def web(review, web_settings, campus, applications):
    """`web(role)` is a client with a token of that role."""
    lent = applications.lent(build_web, web_settings, lambda: review.now)
    async with lent as app, httpx2.AsyncClient(base_url=campus.url) as issuer:

        @asynccontextmanager
        async def client(role=None, sub=None):
            headers = {}
            if role:
                asked = {"sub": sub or f"{role}-1", "roles": [role]}
                token = (await issuer.post("/demo/token", json=asked)).json()["access_token"]
                headers["Authorization"] = f"Bearer {token}"
            transport = httpx2.ASGITransport(app)
            async with httpx2.AsyncClient(
                transport=transport, base_url="http://review.example", headers=headers
            ) as http:
                yield http

        client.app = app
        yield client
