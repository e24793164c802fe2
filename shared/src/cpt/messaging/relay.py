"""From the outbox to Kafka: nothing that did not commit, everything that did, in order per key (P32).

One relay is active per schema, chosen per round by a lock that ends with the transaction. A row is deleted after
the broker acknowledged it; a crash in between sends it again, which the inbox of every consumer expects.
Awaiting the broker inside the transaction is the one exception to "no network call in a transaction": it is
bounded, and it is what makes the lock cover the sending.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)
from opentelemetry.trace import SpanKind

from cpt.crash_points import reached
from cpt.messaging.outbox import sql
from cpt.messaging.receipts import note_sent
from cpt.messaging.within import within
from cpt.postgres import Connection, Database
from cpt.tracing import following, in_topic

log = structlog.get_logger()

REFUSED_FOR_GOOD = (
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    InvalidTopicError,
    TopicAuthorizationFailedError,
)
ROWS_A_ROUND = 200
SECONDS_A_ROUND = 10.0
SECONDS_TO_STOP = 2.0


class Relay:
    """`step` is one round; `make_producer` is called again after an error that only a new producer mends."""

    def __init__(self, database: Database, make_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._database, self._make_producer = database, make_producer
        self._producer: AIOKafkaProducer | None = None

    async def step(self) -> int:
        """How many rows left the outbox, to Kafka or to quarantine. Raises what failed after keeping what did not."""
        producer = await self._started()
        if not await self._something_waits():
            return 0
        async with self._database.transaction() as connection:
            if not await connection.fetchval(sql.try_relay_lock):
                return 0
            await connection.execute(sql.follow_into_quarantine)
            rows = await connection.fetch(sql.next_to_relay, ROWS_A_ROUND)
            failed = await self._send(connection, producer, rows) if rows else []
        if failed:
            await self._judge(failed)
        return len(rows)

    async def _something_waits(self) -> bool:
        """One question instead of a transaction, since mostly nothing does."""
        async with self._database.connection() as connection:
            return bool(await connection.fetchval(sql.something_to_relay))

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _end(producer)

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self._make_producer()
            try:
                async with asyncio.timeout(SECONDS_A_ROUND):
                    await producer.start()
            except BaseException:
                await _end(producer)
                raise
            self._producer = producer
        return self._producer

    async def _send(
        self, connection: Connection, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]
    ) -> list[BaseException]:
        results = await asyncio.gather(*(_produce(producer, row) for row in rows), return_exceptions=True)
        reached("produced")
        sent = [pair for pair in zip(rows, results, strict=True) if not isinstance(pair[1], BaseException)]
        failed = []
        for row, result in zip(rows, results, strict=True):
            if isinstance(result, REFUSED_FOR_GOOD):
                log.error("outbox_row_quarantined", seq=row["seq"], topic=row["topic"], error=type(result).__name__)
                await connection.execute(sql.quarantine, row["seq"], type(result).__name__)
            elif isinstance(result, BaseException):
                failed.append(result)
        await note_sent(connection, [row for row, _ in sent], [place for _, place in sent])
        await connection.execute(sql.delete_relayed, [row["seq"] for row, _ in sent])
        return failed

    async def _judge(self, failed: Sequence[BaseException]) -> None:
        """An error the client calls not retriable stays until the producer is replaced; the rows are still here."""
        if any(not (isinstance(error, KafkaError) and error.retriable) for error in failed):
            await self.close()
        raise failed[0]


async def _end(producer: AIOKafkaProducer) -> None:
    """Stops the producer within seconds. Its unsent batches are dropped, for sent later they would overtake what a new
    producer sends; and `stop` alone waits without end for a broker that is away.
    """
    if await within(SECONDS_TO_STOP, producer.stop()):
        return
    sender, in_hand = producer._sender, producer._message_accumulator  # noqa: SLF001 nothing public lets go of a batch
    if sender is not None:
        await within(SECONDS_TO_STOP, sender.close())
    for batch in [*chain(*in_hand._batches.values()), *in_hand._pending_batches]:  # noqa: SLF001 as above
        batch.future.cancel()
    await within(SECONDS_TO_STOP, producer.client.close())


async def _produce(producer: AIOKafkaProducer, row: asyncpg.Record) -> Any:
    headers = [(name, value.encode()) for name, value in row["headers"].items()]
    with following(
        row["headers"].get("traceparent"),
        f"send {row['topic']}",
        SpanKind.PRODUCER,
        in_topic("send", row["topic"], row["event_id"]),
    ):
        async with asyncio.timeout(SECONDS_A_ROUND):
            future = await producer.send(row["topic"], row["payload"], key=row["key"].encode(), headers=headers)
            return await future
