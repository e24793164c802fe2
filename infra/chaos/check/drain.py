"""Promise 13: after the faults stop, everything drains without a hand."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition

from infra.chaos.check.gather import PARTITIONS, TOPICS
from infra.devstack.patience import stretched

SCHEMAS = ("intake", "enrollment_sync", "review", "notifier")
WAITING = {
    **{f"rows in {schema}.outbox": f"SELECT count(*) FROM {schema}.outbox" for schema in SCHEMAS},  # noqa: S608 names of ours
    "due notices": "SELECT count(*) FROM notifier.notice WHERE state IN ('due', 'sending')",
    "due checks": "SELECT count(*) FROM enrollment_sync.due_check WHERE not_before <= $1",
    "settling suspicions": "SELECT count(*) FROM review.alert WHERE state = 'suspected' AND NOT held",
}
READ = " UNION ALL ".join(f"SELECT consumer, topic, partition, reached FROM {s}.progress" for s in SCHEMAS)  # noqa: S608 as above


async def what_is_left(stack: Mapping[str, Any], now: datetime) -> list[str]:
    """Empty when nothing waits any more and every process says that it is ready."""
    try:
        ends = await _ends(stack["kafka"])
        connection = await asyncpg.connect(stack["postgres"], timeout=5)
    except Exception as error:  # noqa: BLE001 a server that is not back yet, in whichever way
        return [f"a server is away ({type(error).__name__})"]
    try:
        left = [
            f"{count} {name}" for name, count in [await _count(connection, q, now) for q in WAITING.items()] if count
        ]
        left += _lag(ends, [dict(row) for row in await connection.fetch(READ)])
    finally:
        await connection.close()
    return left + await _not_ready(stack)


async def nobody_lags(stack: Mapping[str, Any]) -> bool:
    """Whether everybody has read every partition to its end. Raises while a server is away."""
    ends = await _ends(stack["kafka"])
    connection = await asyncpg.connect(stack["postgres"], timeout=5)
    try:
        return not _lag(ends, [dict(row) for row in await connection.fetch(READ)])
    finally:
        await connection.close()


async def drain(stack: Mapping[str, Any], now: Any, seconds: float) -> tuple[float, list[str]]:
    """How long it took, and what is left at the deadline; twice in a row nothing, because a loop may be at it."""
    began, calm = asyncio.get_running_loop().time(), 0
    while True:
        left = await what_is_left(stack, now())
        calm = 0 if left else calm + 1
        passed = asyncio.get_running_loop().time() - began
        if calm == 2 or passed > stretched(seconds):
            return passed, left
        await asyncio.sleep(0.5)


async def _count(connection: Any, query: tuple[str, str], now: datetime) -> tuple[str, int]:
    return query[0], await connection.fetchval(query[1], *([now] if "$1" in query[1] else []))


def _lag(ends: Mapping[tuple[str, int], int], progress: list[dict[str, Any]]) -> list[str]:
    reached = {(row["consumer"], row["topic"], row["partition"]): row["reached"] + 1 for row in progress}
    pairs = {(row["consumer"], row["topic"]) for row in progress}
    return [
        f"{consumer} is at {reached.get((consumer, *place), 0)} of {end} in {place[0]}/{place[1]}"
        for consumer, topic in sorted(pairs)
        for place, end in ends.items()
        if place[0] == topic and reached.get((consumer, *place), 0) < end
    ]


async def _ends(bootstrap: str) -> dict[tuple[str, int], int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        await asyncio.wait_for(consumer.start(), 10)
        places = [TopicPartition(t, p) for t in TOPICS for p in range(PARTITIONS)]
        return {(place.topic, place.partition): end for place, end in (await consumer.end_offsets(places)).items()}
    finally:
        with contextlib.suppress(asyncio.CancelledError):  # the client raises it for a task of its own
            await consumer.stop()


async def _not_ready(stack: Mapping[str, Any]) -> list[str]:
    """The web processes; what a worker lacks shows in what it leaves."""
    left = []
    async with httpx2.AsyncClient(timeout=5) as http:
        for service in SCHEMAS:
            try:
                status = (await http.get(f"{stack[service]}/readyz")).status_code
            except httpx2.HTTPError as error:
                status = 0
                left.append(f"{service} does not answer ({type(error).__name__})")
            if status not in (0, 200):
                left.append(f"{service} is not ready")
    return left
