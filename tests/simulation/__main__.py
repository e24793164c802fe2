"""`python -m tests.simulation --seeds 200 --first 1`: one schedule for each seed; the first that breaks a promise is
made short and told. `--choices FILE` repeats one. Ends with 0 only when every promise held.
"""

import argparse
import json
import logging
import os
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import structlog

from infra.devstack.lend import borrow
from tests.simulation.ground import Ground, a_ground
from tests.simulation.schedule import Told, play
from tests.simulation.shrink import shrink
from tests.simulation.story import say, tell

STEPS = 250


def find(run, ground: Ground, seeds: range, steps: int) -> tuple[int, Told | None]:
    """How many schedules it took, and the first that breaks a promise."""
    for number, seed in enumerate(seeds, 1):
        told = run(play(ground, Random(seed), steps))
        if told.broken:
            say(f"seed {seed}: {told.broken}")
            return number, told
    return len(seeds), None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--choices", type=Path, help="a file with the choices of one schedule")
    parser.add_argument("--shrink", type=float, default=60, help="seconds for making it short")
    parser.add_argument("--report", type=Path, help="where what was found is written as JSON")
    words = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as name, a_ground(_postgres(Path(name)), Path(name)) as (run, ground):
        began = time.monotonic()
        if words.choices:
            told, number = run(play(ground, json.loads(words.choices.read_text()), words.steps)), 1
        else:
            number, told = find(run, ground, range(words.first, words.first + words.seeds), words.steps)
        took = time.monotonic() - began
        say(f"{number} schedules in {took:.0f} s, {60 * number / took:.0f} a minute")
        broken = told is not None and bool(told.broken)
        if broken:
            told = shrink(told, lambda choices: run(play(ground, choices, words.steps)), words.shrink)
            say(*tell(told))
        if words.report:
            found = {"schedules": number, "seconds": round(took, 1), "broken": told.broken if broken else []}
            words.report.write_text(json.dumps(found | {"choices": told.choices if broken else []}))
    return 1 if broken else 0


def _postgres(folder: Path) -> str:
    if lent := os.environ.get("CPT_TESTS_SERVERS"):
        given, owner = lent.split("|")
        return borrow("postgres", Path(given), int(owner))
    (folder / "lent").mkdir()
    return borrow("postgres", folder / "lent", os.getpid())


if __name__ == "__main__":
    sys.exit(main())
