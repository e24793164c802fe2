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
from tempfile import TemporaryDirectory

import structlog

from tests.simulation.ground import a_ground
from tests.simulation.schedule import play
from tests.simulation.search import Found, a_postgres, search
from tests.simulation.shrink import shrink
from tests.simulation.story import say, tell

STEPS = 120


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--choices", type=Path, help="a file with the choices of one schedule")
    parser.add_argument("--shrink", type=float, default=60, help="seconds for making it short")
    parser.add_argument("--report", type=Path, help="where what was found is written as JSON")
    words = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as name:
        postgres, began, used = a_postgres(Path(name)), time.monotonic(), sum(os.times()[:4])
        if words.choices:
            choices = json.loads(words.choices.read_text())
            with a_ground(postgres, Path(name)) as (run, ground):
                found = Found(1, told=run(play(ground, choices, words.steps)))
        else:
            found = search(postgres, range(words.first, words.first + words.seeds), words.steps, words.jobs)
        took, used = time.monotonic() - began, sum(os.times()[:4]) - used
        pace = 60 * found.schedules / took
        say(f"{found.schedules} schedules in {took:.0f} s, {pace:.0f} a minute; {used:.0f} s of these processes' time")
        told = found.told
        broken = told.broken if told else []
        if told and broken:
            say(f"seed {found.seed}: {broken}")
            with a_ground(postgres, Path(name)) as (run, ground):
                told = shrink(told, lambda choices: run(play(ground, choices, words.steps)), words.shrink)
            say(*tell(told))
        if words.report:
            words.report.write_text(
                json.dumps(
                    {
                        "schedules": found.schedules,
                        "first": words.first,
                        "steps": words.steps,
                        "seconds": round(took, 1),
                        "broken": broken,
                        "choices": told.choices if told and broken else [],
                    }
                )
            )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
