"""Times how fast a process works off a burst that waits for it."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from cpt.contracts.campus import EnrollmentChanged
from infra.bench.ground import Ground
from infra.bench.registrar import tell
from infra.bench.usage import cpu, resident
from infra.devstack.child import running
from infra.devstack.databases import connected

COUNTED = "SELECT coalesce(sum(processed + ignored), 0)::bigint FROM enrollment_sync.progress WHERE consumer = $1"


WAITING = """SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'), count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()"""


@dataclass(frozen=True, slots=True)
class Round:
    """`cpu`: seconds by process while it worked, of several workers together; `peak`: MiB of the largest of them; `locked`:
    the share of samples of working sessions that waited for a lock; `least`: the smallest worker's share of their time.
    """

    rate: float
    cpu: dict[str, float]
    peak: float
    locked: float
    least: float


async def send_all(ground: Ground, events: Iterable[EnrollmentChanged]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=ground.kafka, linger_ms=5, max_batch_size=262_144)
    await producer.start()
    try:
        for event in events:
            await tell(producer, event)
        await producer.flush()
    finally:
        await producer.stop()


async def work_off(
    ground: Ground, module: tuple[str, ...], consumer: str, dsn: str, events: int, workers: int = 1
) -> Round:
    """Events a second from the first commit to the last, so that neither start nor stop counts."""
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(connected(dsn))
        before = await connection.fetchval(COUNTED, consumer)
        programs = [ground.process(module[0], dsn, *module[1:]) for _ in range(workers)]
        started = [(await stack.enter_async_context(running(program))).pid for program in programs]
        pids = {**{f"process {number}": pid for number, pid in enumerate(started)}, **ground.servers}
        began, first, used, peak, done = 0.0, 0, dict.fromkeys(pids, 0.0), 0.0, 0
        samples: list[tuple[int, ...]] = []
        async with asyncio.timeout(300):
            while done < events:
                done = await connection.fetchval(COUNTED, consumer) - before
                if done and not began:
                    began, first, used = time.monotonic(), done, {name: cpu(pid) for name, pid in pids.items()}
                await asyncio.sleep(0.02)
                samples += map(tuple, await connection.fetch(WAITING))
                peak = max(peak, *map(resident, started))
        took = time.monotonic() - began
        spent = {name: cpu(pid) - used[name] for name, pid in pids.items()}
    own = [spent.pop(f"process {number}") for number in range(workers)]
    waited, seen = map(sum, zip(*samples, strict=True))
    least = min(own) / sum(own) if sum(own) else 0
    return Round((events - first) / took, {"process": sum(own), **spent}, peak, waited / max(seen, 1), least)
