"""(a) Registrar events a second through Kafka, enrollment-sync and commit, as a share of the floor."""

from statistics import median

from infra.bench.burst import Round, send_all, work_off
from infra.bench.ground import Ground
from infra.bench.registrar import corrections, watch
from infra.bench.table import show, spread

STUDENTS, EVENTS, ROUNDS = 2_000, 4_000, 3
SUBJECTS = {
    "floor": (("infra.bench.floor",), "floor"),
    "enrollment-sync": (("enrollment_sync", "worker"), "enrollment-sync"),
}


async def measure(ground: Ground) -> None:
    """Interleaved rounds; each subject has its own database and hears the same events."""
    databases = {name: await ground.database(f"a_{number}") for number, name in enumerate(SUBJECTS)}
    for dsn in databases.values():
        await watch(dsn, STUDENTS)
    rounds: dict[str, list[Round]] = {name: [] for name in SUBJECTS}
    for number in range(ROUNDS):
        await send_all(ground, corrections(range(STUDENTS), EVENTS))
        for name in sorted(SUBJECTS, reverse=bool(number % 2)):
            module, consumer = SUBJECTS[name]
            rounds[name].append(await work_off(ground, module, consumer, databases[name], EVENTS))
    _show(rounds)


def _show(rounds: dict[str, list[Round]]) -> None:
    shares = [mine.rate / floor.rate for mine, floor in zip(rounds["enrollment-sync"], rounds["floor"], strict=True)]
    rows = [
        (
            name,
            spread([one.rate for one in all_rounds]),
            "1" if name == "floor" else spread(shares, 2),
            *(
                f"{median(one.cpu.get(of, 0) for one in all_rounds) * 1e6 / EVENTS:.0f}"
                for of in ("process", "postgres", "kafka")
            ),
            f"{max(one.peak for one in all_rounds):.0f}",
        )
        for name, all_rounds in rounds.items()
    ]
    head = ("subject", "events/s", "share", "process µs", "PostgreSQL µs", "Kafka µs", "peak MiB")
    show(f"(a) {EVENTS} events about {STUDENTS} watched students, {ROUNDS} interleaved rounds", head, rows)
