"""(h) What more workers of one group bring: their rate, what they cost, and how long they wait for each other."""

from statistics import median

from infra.bench.burst import Round, send_all, work_off
from infra.bench.ground import Ground
from infra.bench.registrar import corrections, watch
from infra.bench.table import show, spread

STUDENTS, EVENTS, ROUNDS, SIZES = 2_000, 12_000, 3, (1, 2, 3)
WORKER = ("enrollment_sync", "worker")


async def measure(ground: Ground) -> None:
    """Interleaved rounds of the same burst on one database, since all numbers of workers are one group."""
    dsn = await ground.database("h")
    await watch(dsn, STUDENTS)
    rounds: dict[int, list[Round]] = {workers: [] for workers in SIZES}
    for number in range(ROUNDS):
        for workers in sorted(SIZES, reverse=bool(number % 2)):
            await send_all(ground, corrections(range(STUDENTS), EVENTS))
            rounds[workers].append(await work_off(ground, WORKER, "enrollment-sync", dsn, EVENTS, workers))
    _show(rounds)


def _show(rounds: dict[int, list[Round]]) -> None:
    rows = [
        (
            str(workers),
            spread([one.rate for one in all_rounds]),
            *(
                f"{median(one.cpu.get(of, 0) for one in all_rounds) * 1e6 / EVENTS:.0f}"
                for of in ("process", "postgres")
            ),
            f"{max(one.locked for one in all_rounds):.1%}",
            f"{min(one.least for one in all_rounds):.0%}",
        )
        for workers, all_rounds in rounds.items()
    ]
    head = ("workers", "events/s", "process µs", "PostgreSQL µs", "waits for a lock, at most", "least worker's share")
    show(f"(h) {EVENTS} events about {STUDENTS} watched students, {ROUNDS} interleaved rounds", head, rows)
