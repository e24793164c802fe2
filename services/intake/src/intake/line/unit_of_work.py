"""One transaction at one moment; what became complete in it gets its number as its last act (P9)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cpt.contracts.event import Event
from cpt.messaging import append
from cpt.postgres import Connection, Database
from intake.line.complete_request import complete_requests
from intake.store import write_audit


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """What a use case works with; made by `unit_of_work` and `drawing_numbers` alone.

    `ready`: ids of the requests that lack nothing any more, in the order in which they became so.
    """

    connection: Connection
    now: datetime
    ready: dict[str, None] = field(default_factory=dict)

    async def append(self, event: Event, *, sequence: int) -> None:
        """To the outbox. Needs the lock of the aggregate's row; `sequence` is its raised version."""
        await append(self.connection, event, sequence=sequence, now=self.now)

    async def audit(self, actor: str, action: str, subject: str, **detail: Any) -> None:
        await write_audit(self.connection, self.now, actor, action, subject, **detail)


@asynccontextmanager
async def unit_of_work(database: Database, now: datetime) -> AsyncIterator[UnitOfWork]:
    """A transaction of its own."""
    async with database.transaction() as connection, drawing_numbers(connection, now) as work:
        yield work


@asynccontextmanager
async def drawing_numbers(connection: Connection, now: datetime) -> AsyncIterator[UnitOfWork]:
    """In a transaction that is there already, as for a batch of events. Numbers are drawn on leaving, unless it fails."""
    work = UnitOfWork(connection, now)
    yield work
    if work.ready:
        await complete_requests(connection, list(work.ready), now)
