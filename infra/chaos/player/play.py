"""A whole day of load: a new student every few seconds, and an office that decides."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.chaos.player.client import Client, GaveUp
from infra.chaos.player.life import PLOTS, Life
from infra.chaos.player.office import Office
from infra.demo.cast import Student
from infra.devstack.patience import stretched

EMPLOYERS = (("Baystate Robotics Inc.", "Springfield"), ("Quabbin Data LLC", "Amherst"), ("Hadley Software", "Hadley"))


@dataclass(slots=True)
class Play:
    """`pace`: seconds between two new students; the seed decides everything that people decide."""

    client: Client
    seed: int
    pace: float
    lives: list[Life] = field(default_factory=list)
    _office: Office = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._office = Office(self.client, random.Random(self.seed))  # noqa: S311 a seeded play

    async def open_office(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self._office.run())

    async def admit(self, more: Callable[[], bool]) -> None:
        """New students as long as `more` says so."""
        while more():
            self._admit_one()
            await asyncio.sleep(self.pace)

    async def finish(self, seconds: float) -> list[Life]:
        """The lives that had not come to their end in time."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=stretched(seconds))
        self.client.over.set()
        for task in self._tasks:
            if not task.done():
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return [life for life in self.lives if not life.end]

    def errors(self) -> list[str]:
        """What the player itself did not expect."""
        found = [task.exception() for task in self._tasks if task.done() and not task.cancelled()]
        lives = [f"{type(error).__name__}: {error}" for error in found if error and not isinstance(error, GaveUp)]
        return lives + self._office.errors

    def _admit_one(self) -> None:
        number = len(self.lives)
        chance = random.Random(self.seed * 100_003 + number)  # noqa: S311 as above
        employer, city = EMPLOYERS[number % len(EMPLOYERS)]
        plot = PLOTS[number % len(PLOTS)]
        student = Student(
            emplid=f"3{self.seed % 1000:03}{number:04}",
            name=f"{_NAMES[number % len(_NAMES)]}{number} Novak",
            employer=employer,
            city=city,
            job="Software intern",
            hours=10 + number % 10,
            status="W" if plot == "waits" else "E",
        )
        life = Life(student, plot, self.client, chance)
        self.lives.append(life)
        self._tasks.append(asyncio.create_task(life.play()))


_NAMES = ("Ana", "Wei", "Priya", "Omar", "Sofia", "Kenji")
