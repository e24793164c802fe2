"""How long, how hard and by which seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.chaos.faults.catalog import named, schedule, smoke
from infra.chaos.faults.world import Fault


@dataclass(frozen=True, slots=True)
class Options:
    """`seconds` of faults, and `least` of them on however slow a machine; `finish` and `drain`: how long people and
    machines may take afterwards; `pace`: seconds between two new students; `rounds` of throughput measurement, 0 for none;
    `faults`: only these, again and again; `hail`: many short ones beside them.
    """

    folder: Path
    seconds: float
    seed: int
    least: int = 0
    brief: bool = False
    pace: float = 2.5
    finish: float = 120.0
    drain: float = 120.0
    rounds: int = 4
    faults: tuple[str, ...] = ()
    hail: bool = False

    def faults_in_order(self, chance: random.Random) -> Iterator[Fault]:
        if self.faults:
            return named(self.faults)
        return smoke() if self.brief else schedule(chance)
