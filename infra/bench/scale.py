"""(d) What an event costs with few and many watched students; whether reads go by index and changes stay in place."""

from statistics import median

import asyncpg

from infra.bench.burst import Round, send_all, work_off
from infra.bench.ground import Ground
from infra.bench.plans import write_plans
from infra.bench.registrar import corrections, watch
from infra.bench.table import show, spread

SIZES, EVENTS, ROUNDS, TOUCHED = (1_000, 100_000, 1_000_000), 3_000, 3, 1_000
WORKER = ("enrollment_sync", "worker")
READ = """SELECT relname, n_live_tup, seq_scan, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables
           WHERE schemaname = 'enrollment_sync' AND relname IN ('student', 'watch', 'enrollment_row', 'term_floor')
           ORDER BY relname"""


async def measure(ground: Ground) -> None:
    """Interleaved rounds about the same students, so that only what lies beside them differs."""
    databases = {size: await ground.database(f"d_{size}") for size in SIZES}
    for size, dsn in databases.items():
        await watch(dsn, size)
    before = {size: await _statistics(dsn) for size, dsn in databases.items()}
    rounds: dict[int, list[Round]] = {size: [] for size in SIZES}
    for number in range(ROUNDS):
        for size in sorted(SIZES, reverse=bool(number % 2)):
            await send_all(ground, corrections(range(TOUCHED), EVENTS))
            rounds[size].append(await work_off(ground, WORKER, "enrollment-sync", databases[size], EVENTS))
    _show_cost(rounds)
    for size, dsn in databases.items():
        _show_tables(size, before[size], await _statistics(dsn))
    await write_plans(databases[SIZES[-1]], SIZES[-1])


async def _statistics(dsn: str) -> dict[str, tuple[int, ...]]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(READ)
    await connection.close()
    return {row["relname"]: tuple(row)[1:] for row in rows}


def _show_cost(rounds: dict[int, list[Round]]) -> None:
    def cost(one: Round) -> float:
        return (one.cpu["process"] + one.cpu.get("postgres", 0)) * 1e6 / EVENTS

    base = median(map(cost, rounds[SIZES[0]]))
    rows = [
        (f"{size:,}", spread(list(map(cost, all_rounds))), f"{median(map(cost, all_rounds)) / base:.2f}")
        for size, all_rounds in rounds.items()
    ]
    show(f"(d) CPU of an event, {ROUNDS} rounds of {EVENTS}", ("watched", "process and PostgreSQL µs", "ratio"), rows)


def _show_tables(size: int, before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]]) -> None:
    rows = []
    for table, (live, *now) in after.items():
        scans, updates, in_place = (new - old for new, old in zip(now, before[table][1:], strict=True))
        share = f"{in_place / updates:.1%}" if updates else "–"
        rows.append((table, f"{live:,}", str(scans), f"{updates:,}", share))
    show(f"(d) tables with {size:,} watched", ("table", "rows", "sequential scans", "updates", "in place (HOT)"), rows)
