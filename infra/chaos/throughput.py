"""Promise 14: as many registrar events a second after the faults as before."""

import asyncio
import random
from functools import partial

from infra.chaos.check.drain import nobody_lags
from infra.chaos.player.campus_events import LABORATORY, Registrar
from infra.chaos.player.client import Client
from infra.chaos.waiting import until
from infra.demo.cast import Student

STUDENTS, EVENTS = 10, 60
SHARE = 0.95


class Throughput:
    """Watched students whose laboratory sections change, since a laboratory carries no requirement."""

    def __init__(self, client: Client, seed: int) -> None:
        self._client = client
        self._registrars: list[Registrar] = []
        self._chance = random.Random(seed)  # noqa: S311 a seeded play
        self.before = self.after = 0.0

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
        self.before = max([await self._round() for _ in range(rounds)])

    async def end(self, rounds: int) -> list[str]:
        """The best of some rounds counts, because a busy machine only ever slows."""
        for _ in range(rounds):
            self.after = max(self.after, await self._round())
            if self.after >= SHARE * self.before:
                return []
        return [f"{self.after:.0f} events a second after the faults, {self.before:.0f} before"]

    async def _round(self) -> float:
        """Events a second from the registrar's first to the commit of the last."""
        acts = (Registrar.add, Registrar.drop)
        events = [acts[turn % 2](registrar, LABORATORY) for turn in range(EVENTS) for registrar in self._registrars]
        began = asyncio.get_running_loop().time()
        await self._client.campus("events", "POST", "/demo/events", events, subject="runners")
        await self._calm()
        return len(events) / (asyncio.get_running_loop().time() - began)

    async def _calm(self) -> None:
        await until(partial(nobody_lags, self._client.stack), pause=0.02)
