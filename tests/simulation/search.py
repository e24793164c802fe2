"""Many schedules on all processors: each process has a ground of its own, and all end with the first broken promise."""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from infra.devstack.lend import borrow
from tests.simulation.ground import a_ground
from tests.simulation.schedule import Told, play

_forked = get_context("fork")
"""What was imported is there already: that takes longer than a hundred schedules."""


@dataclass(frozen=True)
class Found:
    """`seed` is the one that broke a promise, and `told` what became of it."""

    schedules: int
    seed: int = 0
    told: Told | None = None


def search(postgres: str, seeds: range, steps: int, jobs: int) -> Found:
    over = _forked.Event()
    with ProcessPoolExecutor(jobs, _forked, _share, (over,)) as pool:
        found = list(pool.map(partial(_some, postgres, steps), [seeds[first::jobs] for first in range(jobs)]))
    broken = min((one for one in found if one.told), key=lambda one: one.seed, default=Found(0))
    return Found(sum(one.schedules for one in found), broken.seed, broken.told)


def _share(over: Event) -> None:
    globals()["_over"] = over


def _some(postgres: str, steps: int, seeds: Iterable[int]) -> Found:
    over: Event = globals()["_over"]
    number = 0
    with TemporaryDirectory() as name, a_ground(postgres, Path(name)) as (run, ground):
        for seed in seeds:
            if over.is_set():
                break
            told, number = run(play(ground, Random(seed), steps)), number + 1
            if told.broken:
                over.set()
                return Found(number, seed, told)
    return Found(number)


def a_postgres(folder: Path) -> str:
    """The one that is lent to the tests of this machine, else one of its own that ends with this process."""
    if lent := os.environ.get("CPT_TESTS_SERVERS"):
        given, owner = lent.split("|")
        return borrow("postgres", Path(given), int(owner))
    (folder / "lent").mkdir()
    return borrow("postgres", folder / "lent", os.getpid())
