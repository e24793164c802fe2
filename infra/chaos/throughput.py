"""Promise 14: as many registrar events a second after the faults as before."""

import asyncio
import os
import random
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra.chaos.check.drain import nobody_lags
from infra.chaos.player.campus_events import LABORATORY, Registrar
from infra.chaos.player.client import Client
from infra.chaos.waiting import until
from infra.demo.cast import Student
from infra.devstack.run_folder import RunFolder

STUDENTS, EVENTS = 10, 60
SHARE = 0.95
WORKER = "enrollment-sync-worker"


@dataclass(frozen=True, slots=True)
class Rate:
    """Events a second on the clock, and a second of the consuming worker's own processor time."""

    clock: float = 0.0
    processor: float = 0.0

    def best(self, other: "Rate") -> "Rate":
        return Rate(max(self.clock, other.clock), max(self.processor, other.processor))

    def reaches(self, other: "Rate") -> bool:
        """By either measure: neighbors on the machine change the first one, waiting in vain only that."""
        return self.clock >= SHARE * other.clock or self.processor >= SHARE * other.processor


class Throughput:
    """Watched students whose laboratory sections change, since a laboratory carries no requirement."""

    def __init__(self, client: Client, run: RunFolder, seed: int) -> None:
        self._client, self._run = client, run
        self._registrars: list[Registrar] = []
        self._chance = random.Random(seed)  # noqa: S311 a seeded play
        self.before = self.after = Rate()

    async def begin(self, rounds: int) -> None:
        for number in range(STUDENTS):
            student = Student(f"37{number:06}", f"Runner{number} Fast", "Quabbin Data LLC", "Amherst", "Runner", 9)
            here = f"/demo/students/{student.emplid}"
            await self._client.campus("profile", "PUT", here, student.profile(), subject=student.emplid)
            await self._client.campus("rows", "PUT", f"{here}/enrollments", [student.row()], subject=student.emplid)
            headers = {"Idempotency-Key": f"runner-{student.emplid}"}
            await self._client.act(
                *(student.emplid, "student", "submit", "POST", "intake", "/api/requests"),
                json=student.form(),
                headers=headers,
            )
            self._registrars.append(Registrar(student, self._chance, self._client.now))
        await self._calm()
        for _ in range(rounds):
            self.before = self.before.best(await self._round())

    async def end(self, rounds: int) -> list[str]:
        """The best of some rounds counts, because a busy machine only ever slows."""
        for _ in range(rounds):
            self.after = self.after.best(await self._round())
            if self.after.reaches(self.before):
                return []
        return [f"{self.after.clock:.0f} events a second after the faults, {self.before.clock:.0f} before"]

    async def _round(self) -> Rate:
        """From the registrar's first event to the commit of the last."""
        acts = (Registrar.add, Registrar.drop)
        events = [acts[turn % 2](registrar, LABORATORY) for turn in range(EVENTS) for registrar in self._registrars]
        began, used = asyncio.get_running_loop().time(), self._used()
        await self._client.campus("events", "POST", "/demo/events", events, subject="runners")
        await self._calm()
        passed = asyncio.get_running_loop().time() - began
        return Rate(len(events) / passed, len(events) / max(self._used() - used, 0.01))

    def _used(self) -> float:
        """Seconds of processor time of the worker that consumes registrar events."""
        stack = self._run.stack() or {}
        fields = Path(f"/proc/{stack['processes'][WORKER]}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def _calm(self) -> None:
        await until(partial(nobody_lags, self._client.stack), pause=0.02)
