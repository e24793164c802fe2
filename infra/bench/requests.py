"""(b) Requests per second of processor time, from the first form to the approval email; (f) memory of each process."""

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2

from infra.bench.table import show
from infra.bench.usage import cpu, resident
from infra.chaos.check.drain import drain
from infra.chaos.client_log import ClientLog
from infra.chaos.player.client import Client
from infra.chaos.player.life import Life
from infra.chaos.player.office import Office
from infra.chaos.stack import a_stack
from infra.demo.cast import Student

WARM, REQUESTS, PACE, IDLE = 10, 100, 0.4, 15.0
READ = """SELECT (SELECT sum(xact_commit)::bigint FROM pg_stat_database) AS commits,
                 pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS wal,
                 (SELECT count(*) FROM review.authorization_issued) AS issued"""


@dataclass(frozen=True, slots=True)
class Look:
    """`cpu`: seconds by process; `memory`: MiB by process."""

    at: float
    cpu: Mapping[str, float]
    memory: Mapping[str, float]
    commits: int
    wal: int
    issued: int


async def measure() -> None:
    """On a whole stack; what it uses while nobody does anything is measured first and taken off."""
    with tempfile.TemporaryDirectory(prefix="cpt-bench-") as name, a_stack(Path(name)) as given:
        stack = given.run.stack() or {}
        async with httpx2.AsyncClient() as http:
            log = ClientLog(Path(name) / "client.jsonl")
            chance = random.Random(1)  # noqa: S311 replayable
            client = Client(stack, http, log, chance, given.offset)
            started = await _look(stack)
            await _live(client, range(WARM))
            quiet = await _look(stack)
            await asyncio.sleep(IDLE)
            before = await _look(stack)
            await _live(client, range(WARM, WARM + REQUESTS))
            after = await _look(stack)
        _show_cost(quiet, before, after)
        _show_memory(started, before, after)


async def _live(client: Client, numbers: range) -> None:
    """Students with an ordinary request each, and three advisers; until the last email has left."""
    office = asyncio.create_task(Office(client, random.Random(0)).run())  # noqa: S311 replayable
    lives = []
    for number in numbers:
        student = Student(f"36{number:06}", f"Ana{number} Lima", "Quabbin Data LLC", "Amherst", "Software intern", 12)
        lives.append(asyncio.create_task(Life(student, "plain", client, random.Random(number)).play()))  # noqa: S311 as above
        await asyncio.sleep(PACE)
    await asyncio.gather(*lives)
    office.cancel()
    await asyncio.gather(office, return_exceptions=True)
    await drain(client.stack, client.now, 60)


async def _look(stack: Mapping[str, Any]) -> Look:
    connection = await asyncpg.connect(stack["postgres"])
    row = await connection.fetchrow(READ)
    await connection.close()
    assert row is not None
    pids = {**stack["processes"], **stack["servers"]}
    used = {name: cpu(pid) for name, pid in pids.items()}
    memory = {name: resident(pid) for name, pid in stack["processes"].items()}
    return Look(time.monotonic(), used, memory, *row)


def _show_cost(quiet: Look, before: Look, after: Look) -> None:
    issued, passed = after.issued - before.issued, after.at - before.at
    still = before.at - quiet.at
    idle = {name: (used - quiet.cpu[name]) / still for name, used in before.cpu.items()}
    spent = {name: used - before.cpu[name] - idle[name] * passed for name, used in after.cpu.items()}
    rows = [(name, f"{1000 * spent[name] / issued:.0f}", f"{100 * idle[name]:.1f}") for name in sorted(spent)]
    ours = sum(used for name, used in spent.items() if name != "campus")
    rows.append(("all but the simulated campus", f"{1000 * ours / issued:.0f}", f"{100 * sum(idle.values()):.1f}"))
    show(f"(b) {issued} requests issued in {passed:.0f} s", ("process", "CPU ms a request", "% of a core idle"), rows)
    commits = after.commits - before.commits - (before.commits - quiet.commits) / still * passed
    wal = (after.wal - before.wal) / issued / 1024
    print(
        f"\n{issued / ours:.1f} requests a CPU-second, {commits / issued:.0f} commits and {wal:.0f} KiB WAL a request"
    )


def _show_memory(started: Look, before: Look, after: Look) -> None:
    rows = [(name, *(f"{look.memory[name]:.0f}" for look in (started, before, after))) for name in sorted(after.memory)]
    show("(f) resident MiB with children", ("process", "started", f"{WARM} requests", f"{REQUESTS} more"), rows)
