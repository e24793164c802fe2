"""A service tells what waits for a person in it, so that operations need not look in every service (P33)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cpt.contracts.operations import TOLD_ONE_BY_ONE, MessagesWaiting, WaitingMessage
from cpt.messaging.consumer import Consumer
from cpt.messaging.outbox import append, sql
from cpt.messaging.parking import list_parked
from cpt.messaging.quarantine import list_quarantine
from cpt.postgres import Database

TELL_AT_LEAST = timedelta(minutes=2)
"""Told again although nothing changed: whoever listens sees by it that somebody still tells."""
LONGEST_REASON = 300


class TellWaiting:
    """`step` is one round of the loop of a worker; `event` is the service's own kind of `MessagesWaiting`."""

    def __init__(
        self, database: Database, consumer: Consumer, event: type[MessagesWaiting], now: Callable[[], datetime]
    ) -> None:
        self._database, self._consumer, self._event, self._now = database, consumer, event, now
        self._told: dict[str, Any] | None = None
        self._told_at = 0.0

    async def step(self) -> int:
        """Always 0: there is never more to tell at once."""
        parked = await list_parked(self._database, self._consumer.name)
        waiting = {
            "parked": tuple(_message(one) for one in parked[:TOLD_ONE_BY_ONE]),
            "parked_in_all": len(parked),
            "rejected": len(await list_quarantine(self._database)),
        }
        if waiting == self._told and time.monotonic() - self._told_at < TELL_AT_LEAST.total_seconds():
            return 0
        now = self._now()
        async with self._database.transaction() as connection:
            event = self._event(at=now, **waiting)
            await append(connection, event, sequence=await connection.fetchval(sql.milliseconds), now=now)
        self._told, self._told_at = waiting, time.monotonic()
        return 0


def _message(row: dict[str, Any]) -> WaitingMessage:
    return WaitingMessage(
        number=row["id"],
        topic=row["topic"],
        type=row["type"],
        reason=row["reason"][:LONGEST_REASON],
        since=row["first_at"],
        attempts=row["attempts"],
        waiting_behind=row["waiting_behind"],
    )
