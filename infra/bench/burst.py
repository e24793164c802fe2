"""Times how fast a process works off a burst that waits for it."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaProducer

from cpt.contracts.campus import EnrollmentChanged
from infra.bench.ground import Ground
from infra.bench.registrar import tell
from infra.bench.usage import cpu, resident
from infra.devstack.child import running

COUNTED = "SELECT coalesce(sum(processed + ignored), 0)::bigint FROM enrollment_sync.progress WHERE consumer = $1"


@dataclass(frozen=True, slots=True)
class Round:
    """`cpu`: seconds by process while it worked; `peak`: MiB of the process itself."""

    rate: float
    cpu: dict[str, float]
    peak: float


async def send_all(ground: Ground, events: Iterable[EnrollmentChanged]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=ground.kafka, linger_ms=5, max_batch_size=262_144)
    await producer.start()
    try:
        for event in events:
            await tell(producer, event)
        await producer.flush()
    finally:
        await producer.stop()


async def work_off(ground: Ground, module: tuple[str, ...], consumer: str, dsn: str, events: int) -> Round:
    """Events a second from the first commit to the last, so that neither start nor stop counts."""
    connection = await asyncpg.connect(dsn)
    before = await connection.fetchval(COUNTED, consumer)
    async with running(ground.process(module[0], dsn, *module[1:])) as process:
        pids = {"process": process.pid, **ground.servers}
        began, first, used, peak, done = 0.0, 0, dict.fromkeys(pids, 0.0), 0.0, 0
        async with asyncio.timeout(300):
            while done < events:
                done = await connection.fetchval(COUNTED, consumer) - before
                if done and not began:
                    began, first, used = time.monotonic(), done, {name: cpu(pid) for name, pid in pids.items()}
                await asyncio.sleep(0.02)
                peak = max(peak, resident(process.pid))
        took = time.monotonic() - began
        spent = {name: cpu(pid) - used[name] for name, pid in pids.items()}
    await connection.close()
    return Round((events - first) / took, spent, peak)
