"""Review on its real migrated schema, driven by events and by acts of people."""

from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from cpt.contracts.envelope import decode
from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from review.consumer import build_consumer
from review.settings import ReviewRules
from review.store import find_case, find_number
from tests.factories import NOW, enveloped

MIGRATIONS = Path("services/review/migrations")
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

    async def tasks(self, request_id="r1"):
        async with self.database.connection() as connection:
            rows = await connection.fetch("SELECT code FROM task WHERE request_id = $1 ORDER BY id", request_id)
        return [row["code"] for row in rows]


@pytest.fixture
async def review(database_url):
    await migrate(database_url, "review", MIGRATIONS)
    database = Database(PostgresSettings(dsn=SecretStr(database_url), pool_size=25), "review", "tests")
    await database.open()
    yield Review(database)
    await database.close()
