"""A delivery of records: one transaction for the batch, else one transaction per record (design §4).

Every record ends in exactly one of four ways: processed, parked, ignored, duplicate. Where time runs out, the
finished prefix counts and the rest comes again (P34).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from cpt.contracts.envelope import Envelope, UnknownFact, Unreadable, decode
from cpt.contracts.event import Event
from cpt.messaging import inbox, parking
from cpt.messaging.consumer import Consumer
from cpt.messaging.errors import BudgetSpent, NeverAgain, ParkingFull, explain, passes
from cpt.messaging.outbox import sql
from cpt.messaging.progress import Tally
from cpt.messaging.record import Record
from cpt.postgres import Connection, Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """`budget`: seconds one delivery may spend on trying again, well below the poll interval; `unknown_attempts`:
    tries for an exception of neither family; more than `parked` new causes in `window` stop the consumer.
    """

    budget: float = 45.0
    unknown_attempts: int = 3
    parked: int = 100
    window: timedelta = timedelta(minutes=10)


class Delivery:
    """Hands the records of one consumer to its handlers."""

    def __init__(self, consumer: Consumer, database: Database, limits: Limits | None = None) -> None:
        self.consumer, self._database, self._limits = consumer, database, limits or Limits()

    async def __call__(self, records: Sequence[Record]) -> None:
        """Raises `BudgetSpent` when some records are still to be done."""
        deadline = asyncio.get_running_loop().time() + self._limits.budget
        try:
            await self._transact(records)
        except Exception as error:  # noqa: BLE001 whatever failed is found again, and judged, one by one
            log.info("batch_taken_apart", records=len(records), error=explain(error))
            await self._one_by_one(records, deadline)

    async def full(self) -> bool:
        """Whether the bound on parking is reached: the consumer waits and says so by its readiness."""
        async with self._database.connection() as connection:
            return await self._parked_recently(connection) >= self._limits.parked

    async def _transact(self, records: Sequence[Record]) -> None:
        async with self._database.transaction() as connection:
            tally = await Tally.begin(connection, self.consumer.name, records)
            relevant = await self._drop_irrelevant(connection, records, tally)
            free = await self._have_wait(connection, relevant, tally)
            envelopes = self._read(free, tally)
            claimed = await inbox.claim(connection, self.consumer.name, [e for _, e in envelopes])
            fresh = {id(envelope) for envelope in claimed}
            for record, envelope in envelopes:
                tally.count(record, "processed" if id(envelope) in fresh else "duplicates")
            await self.consumer.handle(connection, claimed)
            await tally.save(connection)

    async def _drop_irrelevant(self, connection: Connection, records: Sequence[Record], tally: Tally) -> list[Record]:
        wanted = {
            topic: await relevant(
                connection, sorted({r.key for r in records if r.topic == topic and r.key is not None})
            )
            for topic, relevant in self.consumer.relevant_keys.items()
        }
        kept = []
        for record in records:
            if record.key is None or record.key in wanted.get(record.topic, {record.key}):
                kept.append(record)
            else:
                tally.count(record, "ignored")
        return kept

    async def _have_wait(self, connection: Connection, records: Sequence[Record], tally: Tally) -> list[Record]:
        """Later messages of a parked key wait behind it (P33)."""
        keyed = sorted({(r.topic, r.key) for r in records if r.key is not None})
        rows = await connection.fetch(
            sql.lock_parked_keys, self.consumer.name, [k[0] for k in keyed], [k[1] for k in keyed]
        )
        closed = {(row["topic"], row["key"]) for row in rows}
        free = []
        for record in records:
            if (record.topic, record.key) in closed:
                await parking.park(connection, self.consumer, record, parking.WAITS, attempts=0)
                tally.count(record, "parked")
            else:
                free.append(record)
        return free

    def _read(self, records: Sequence[Record], tally: Tally) -> list[tuple[Record, Envelope[Event]]]:
        readable = []
        for record in records:
            try:
                envelope = decode(record.headers, record.value)
            except UnknownFact:
                tally.count(record, "ignored")
                continue
            except Unreadable as error:
                raise NeverAgain(str(error)) from None
            if self.consumer.handles(envelope.type):
                readable.append((record, envelope))
            else:
                tally.count(record, "ignored")
        return readable

    async def _one_by_one(self, records: Sequence[Record], deadline: float) -> None:
        finished: dict[tuple[str, int], int] = {}
        for record in records:
            try:
                await self._settle(record, deadline)
            except Exception as error:
                if not passes(error):
                    raise
                log.warning(
                    "delivery_out_of_time", topic=record.topic, partition=record.partition, error=explain(error)
                )
                raise BudgetSpent(finished) from error
            finished[record.place] = record.offset + 1

    async def _settle(self, record: Record, deadline: float) -> None:
        attempts = 0

        async def attempt() -> None:
            nonlocal attempts
            attempts += 1
            await self._transact([record])

        try:
            await self._trying(deadline, attempt)
        except Exception as error:
            if passes(error):
                raise
            await self._trying(deadline, partial(self._park, record, error, attempts))

    async def _park(self, record: Record, error: Exception, attempts: int) -> None:
        async with self._database.transaction() as connection:
            if await self._parked_recently(connection) >= self._limits.parked:
                raise ParkingFull(f"{self._limits.parked} messages were parked in {self._limits.window}")
            tally = await Tally.begin(connection, self.consumer.name, [record])
            await parking.park(connection, self.consumer, record, error, attempts=attempts)
            tally.count(record, "parked")
            await tally.save(connection)
        log.error(
            "message_parked",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            event_id=record.headers.get("ce_id"),
            reason=explain(error),
        )

    async def _parked_recently(self, connection: Connection) -> int:
        count: int = await connection.fetchval(sql.count_recently_parked, self.consumer.name, self._limits.window)
        return count

    async def _trying(self, deadline: float, step: Callable[[], Awaitable[Any]]) -> None:
        def stop(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            late = asyncio.get_running_loop().time() >= deadline
            return late or (not passes(error) and state.attempt_number >= self._limits.unknown_attempts)

        await AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Exception) and not isinstance(error, NeverAgain)),
            wait=wait_exponential_jitter(multiplier=0.1, max=5, jitter=0.1),
            stop=stop,
            reraise=True,
        )(step)
