"""(c) From the registrar's word to the alert row at 30 % load, beside one produce, one fetch and one commit.

The load is 30 % of the rate at which the worker took a burst of 3,000 off the topic just before, sent evenly.
"""

import asyncio
import time
from contextlib import AsyncExitStack, suppress

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from infra.bench.burst import send_all, work_off
from infra.bench.ground import Ground
from infra.bench.registrar import corrections, drops, emplid, tell, watch
from infra.bench.table import quantile, show
from infra.bench.usage import cpu
from infra.chaos.waiting import until
from infra.devstack.child import running

STUDENTS, LOSSES, BURST, LOAD, PAUSE = 2_000, 200, 3_000, 0.3, 0.2
FLOOR = "bench.floor"
HOPS = """SELECT extract(epoch FROM (loss ->> 'detected_at')::timestamptz)::float8, extract(epoch FROM raised_at)::float8
            FROM alert WHERE loss ->> 'emplid' = $1"""


async def measure(ground: Ground) -> None:
    dsn = await ground.database("c")
    await watch(dsn, STUDENTS)
    await send_all(ground, corrections(range(LOSSES, STUDENTS), BURST))
    full = (await work_off(ground, ("enrollment_sync", "worker"), "enrollment-sync", dsn, BURST)).rate
    async with AsyncExitStack() as stack:
        workers = [
            await stack.enter_async_context(running(ground.process(service, dsn, "worker")))
            for service in ("enrollment_sync", "review")
        ]
        producer = AIOKafkaProducer(bootstrap_servers=ground.kafka, acks="all", enable_idempotence=True)
        await producer.start()
        stack.push_async_callback(producer.stop)
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "review"})
        stack.push_async_callback(connection.close)
        floor = await _floor(ground, producer, connection)
        await _lose(producer, connection, 0)  # both services have begun
        load = asyncio.create_task(_load(producer, LOAD * full))
        began, used = time.monotonic(), cpu(workers[0].pid)
        hops = [await _lose(producer, connection, number) for number in range(1, LOSSES)]
        busy = (cpu(workers[0].pid) - used) / (time.monotonic() - began)
        load.cancel()
        with suppress(asyncio.CancelledError):
            await load
    names = ("read by enrollment-sync", "from there read by review", "from there visible", "to the alert row")
    _show(full, busy, {"floor": floor, **dict(zip(names, map(list, zip(*hops, strict=True)), strict=True))})


async def _lose(
    producer: AIOKafkaProducer, connection: "asyncpg.Connection[asyncpg.Record]", number: int
) -> list[float]:
    """Seconds until enrollment-sync and review have it in hand, until the row can be seen, and of all three."""
    await asyncio.sleep(PAUSE)
    [event] = drops([number])
    began = time.time()
    await tell(producer, event)

    async def seen() -> bool:
        return bool(await connection.fetchrow(HOPS, emplid(number)))

    await until(seen, pause=0.005, patience=60)
    ended = time.time()
    row = await connection.fetchrow(HOPS, emplid(number))
    assert row is not None
    detected, raised = row
    return [detected - began, raised - detected, ended - raised, ended - began]


async def _load(producer: AIOKafkaProducer, rate: float) -> None:
    began = time.monotonic()
    for sent, event in enumerate(corrections(range(LOSSES, STUDENTS), 10_000_000)):
        await tell(producer, event)
        await asyncio.sleep(max(0.0, began + sent / rate - time.monotonic()))


async def _floor(
    ground: Ground, producer: AIOKafkaProducer, connection: "asyncpg.Connection[asyncpg.Record]"
) -> list[float]:
    admin = AIOKafkaAdminClient(bootstrap_servers=ground.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(FLOOR, 1, 1)])
    await admin.close()
    await connection.execute("CREATE TABLE floor (value bytea)")
    consumer = AIOKafkaConsumer(FLOOR, bootstrap_servers=ground.kafka, auto_offset_reset="earliest")
    await consumer.start()
    took = []
    for _ in range(LOSSES):
        began = time.perf_counter()
        await producer.send_and_wait(FLOOR, bytes(600))
        await connection.execute("INSERT INTO floor VALUES ($1)", (await consumer.getone()).value)
        took.append(time.perf_counter() - began)
    await consumer.stop()
    return took


def _show(full: float, busy: float, measured: dict[str, list[float]]) -> None:
    rows = [
        (name, *(f"{1000 * quantile(times, share):.1f}" for share in (0.5, 0.9, 0.99)), f"{len(times)}")
        for name, times in measured.items()
    ]
    title = f"(c) ms at {LOAD:.0%} of {full:.0f} events a second, enrollment-sync's worker {busy:.0%} of a core"
    show(title, ("path", "p50", "p90", "p99", "measured"), rows)
