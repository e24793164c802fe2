"""(g) Resident memory while a backlog of 10⁵ events is worked off."""

import asyncio
from collections.abc import Iterator

import asyncpg
from aiokafka import AIOKafkaProducer

from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.samples import sample_of
from infra.bench.burst import send_all
from infra.bench.ground import Ground
from infra.bench.registrar import corrections, tell, watch
from infra.bench.table import show
from infra.bench.usage import resident
from infra.devstack.child import running

EVENTS, STUDENTS = 100_000, 2_000
SERVICES = ("enrollment_sync", "intake", "review")
DONE = "SELECT coalesce(sum(processed), 0)::int FROM {}.progress"


async def measure(ground: Ground) -> None:
    """The registrar's events for enrollment-sync, its answers for intake and review, all at once."""
    dsn = await ground.database("g")
    await watch(dsn, STUDENTS)
    await send_all(ground, corrections(range(STUDENTS), EVENTS))
    producer = AIOKafkaProducer(bootstrap_servers=ground.kafka, linger_ms=5, max_batch_size=262_144)
    await producer.start()
    for event in _answers():
        await tell(producer, event)
    await producer.stop()
    courses = await asyncio.gather(*(_course(ground, dsn, service) for service in SERVICES))
    rows = [
        (service, *(f"{course[tenth]:.0f}" for tenth in (0, 1, 5, 9)), f"{max(course):.0f}")
        for service, course in zip(SERVICES, courses, strict=True)
    ]
    show(f"(g) resident MiB with {EVENTS:,} waiting", ("worker", "first", "10 %", "50 %", "90 %", "peak"), rows)


def _answers() -> Iterator[EnrollmentChecked]:
    sample = sample_of(EnrollmentChecked, "full")
    for number in range(EVENTS):
        yield sample.model_copy(update={"request_id": f"r{number % STUDENTS}", "check_no": 2 + number // STUDENTS})


async def _course(ground: Ground, dsn: str, service: str) -> list[float]:
    """The highest memory in each tenth of the backlog."""
    highest = [0.0] * 10
    connection = await asyncpg.connect(dsn)
    async with running(ground.process(service, dsn, "worker")) as process, asyncio.timeout(450):
        done = 0
        while done < EVENTS:
            done = await connection.fetchval(DONE.format(service))
            tenth = min(9, 10 * done // EVENTS)
            highest[tenth] = max(highest[tenth], resident(process.pid))
            await asyncio.sleep(0.2)
    await connection.close()
    return highest
