"""A delivery of records: one transaction for the batch, else one transaction per record (docs/architecture.md).

Every record ends in exactly one of four ways: processed, parked, ignored, duplicate. Where time runs out, the
finished prefix counts and the rest comes again (P34).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from cpt.messaging import parking
from cpt.messaging.batch import begin_counting, take_effect
from cpt.messaging.bounds import DeliveryLimits, is_full
from cpt.messaging.consumer import Consumer
from cpt.messaging.errors import BudgetSpent, ParkingFull, Reject, explain, is_temporary
from cpt.messaging.record import Record
from cpt.postgres import Database

log = structlog.get_logger()


class Delivery:
    """Hands the records of one consumer to its handlers."""

    def __init__(self, consumer: Consumer, database: Database, limits: DeliveryLimits | None = None) -> None:
        self.consumer, self._database, self._limits = consumer, database, limits or DeliveryLimits()

    async def __call__(self, records: Sequence[Record]) -> None:
        """Raises `BudgetSpent` when some records are still to be done."""
        deadline = asyncio.get_running_loop().time() + self._limits.budget
        try:
            await self._transact(records)
        except Exception as error:  # noqa: BLE001 whatever failed is found again, and judged, one by one
            log.info("batch_taken_apart", records=len(records), error=explain(error))
            await self._one_by_one(records, deadline)

    async def full(self) -> bool:
        """Whether the bound on parking is reached: then the consumer waits and is not ready."""
        async with self._database.connection() as connection:
            return await is_full(connection, self.consumer, self._limits)

    async def _transact(self, records: Sequence[Record]) -> None:
        async with self._database.transaction() as connection:
            await take_effect(connection, self.consumer, records)

    async def _one_by_one(self, records: Sequence[Record], deadline: float) -> None:
        finished: dict[tuple[str, int], int] = {}
        for record in records:
            try:
                await self._settle(record, deadline)
            except Exception as error:
                if not is_temporary(error):
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
            if is_temporary(error):
                raise
            await self._trying(deadline, partial(self._park, record, error, attempts))

    async def _park(self, record: Record, error: Exception, attempts: int) -> None:
        async with self._database.transaction() as connection:
            if await is_full(connection, self.consumer, self._limits):
                raise ParkingFull(f"too many messages were parked in {self._limits.window}")
            progress = await begin_counting(connection, self.consumer, [record])
            await parking.park(connection, self.consumer, record, error, attempts=attempts)
            progress.count(record, "parked")
            await progress.save(connection)
        log.error(
            "message_parked",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            event_id=record.headers.get("ce_id"),
            reason=explain(error),
        )

    async def _trying(self, deadline: float, step: Callable[[], Awaitable[Any]]) -> None:
        def stop(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            late = asyncio.get_running_loop().time() >= deadline
            return late or (not is_temporary(error) and state.attempt_number >= self._limits.unknown_attempts)

        await AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Exception) and not isinstance(error, Reject)),
            wait=wait_exponential_jitter(multiplier=0.1, max=5, jitter=0.1),
            stop=stop,
            reraise=True,
        )(step)
