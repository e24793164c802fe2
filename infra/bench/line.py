"""(e) What the assignment of the next case costs with a short and a long line."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import uuid4

import asyncpg
from pydantic import SecretStr

from cpt.contracts.intake import RequestCompleted
from cpt.contracts.samples import sample_of
from cpt.contracts.values import Person
from cpt.postgres import Database
from cpt.postgres.database import PostgresSettings
from infra.bench.ground import Ground
from infra.bench.registrar import NOW
from infra.bench.table import show, spread
from infra.bench.usage import cpu
from review.line.assign_next_case import assign_next_case

SIZES, ROUNDS, ASSIGNED = (1_000, 100_000), 5, 100
ADVISER = Person(sub="dana.reed", name="Dana Reed", email="dana.reed@umass.example")
SCANS = "SELECT coalesce(sum(seq_scan), 0)::int FROM pg_stat_user_tables WHERE relname IN ('number', 'case_file')"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one assignment, in milliseconds: on the clock, of this process and of PostgreSQL."""

    clock: float
    process: float
    postgres: float


async def measure(ground: Ground) -> None:
    databases = {size: await ground.database(f"e_{size}") for size in SIZES}
    for size, dsn in databases.items():
        await _fill(dsn, size)
    scans = {size: await _scans(dsn) for size, dsn in databases.items()}
    costs: dict[int, list[Cost]] = {size: [] for size in SIZES}
    for number in range(ROUNDS):
        for size in sorted(SIZES, reverse=bool(number % 2)):
            costs[size].append(await _assign(databases[size], ground.servers["postgres"]))
    scans = {size: await _scans(dsn) - scans[size] for size, dsn in databases.items()}
    _show(costs, scans)


async def _fill(dsn: str, waiting: int) -> None:
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "review"})
    completion, late = sample_of(RequestCompleted, "full").model_dump_json(), NOW + timedelta(minutes=5)
    numbers: Iterable[tuple[object, ...]] = ((n, f"r{n}", 1, "waiting", late, NOW) for n in range(1, waiting + 1))
    columns = ("receipt_number", "request_id", "round", "state", "hold_until", "arrived_at")
    await connection.copy_records_to_table("number", columns=columns, records=numbers)
    cases = ((f"r{n}", "waiting", 1, n, completion, 1) for n in range(1, waiting + 1))
    columns = ("request_id", "state", "round", "receipt_number", "completion", "facts_version")
    await connection.copy_records_to_table("case_file", columns=columns, records=cases)
    await connection.execute("UPDATE line SET watermark = $1", waiting)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _assign(dsn: str, postgres: int) -> Cost:
    database = Database(PostgresSettings(dsn=SecretStr(dsn)), "review", "bench")
    await database.open()
    try:
        await _one(database)  # the first one prepares the statements
        began, process, server = time.monotonic(), time.process_time(), cpu(postgres)
        for _ in range(ASSIGNED):
            await _one(database)
        spent = (time.monotonic() - began, time.process_time() - process, cpu(postgres) - server)
    finally:
        await database.close()
    return Cost(*(1000 * seconds / ASSIGNED for seconds in spent))


async def _one(database: Database) -> None:
    async with database.transaction() as connection:
        assert await assign_next_case(connection, ADVISER, str(uuid4()), NOW)


async def _scans(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    found: int = await connection.fetchval(SCANS)
    await connection.close()
    return found


def _show(costs: dict[int, list[Cost]], scans: dict[int, int]) -> None:
    base = median(one.process + one.postgres for one in costs[SIZES[0]])
    rows = [
        (
            f"{size:,}",
            spread([one.clock for one in rounds], 2),
            spread([one.process for one in rounds], 2),
            spread([one.postgres for one in rounds], 2),
            f"{median(one.process + one.postgres for one in rounds) / base:.2f}",
            str(scans[size]),
        )
        for size, rounds in costs.items()
    ]
    head = ("waiting", "clock ms", "process ms", "PostgreSQL ms", "CPU ratio", "sequential scans")
    show(f"(e) an assignment, {ROUNDS} rounds of {ASSIGNED}", head, rows)
