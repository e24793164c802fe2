"""`python -m infra.chaos --minutes 5 --seed 7`: 0 only with no violation; the report is in .run/chaos."""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from infra.chaos.options import Options
from infra.chaos.run import play
from infra.chaos.stack import a_stack
from infra.devstack.run_folder import RunFolder


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.chaos", description="Attacks a stack and checks every promise."
    )
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="one fault of each family, shorter outages")
    parser.add_argument("--folder", type=Path, default=RunFolder().path / "chaos", help="for report, log and stack")
    parser.add_argument("--fault", action="append", default=[], help="`kind target`: only these, again and again")
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds for people, and again for machines, to end"
    )
    parser.add_argument("--rounds", type=int, default=4, help="throughput measurements, 0 for none")
    parser.add_argument("--hail", action="store_true", help="many short faults beside the others")
    words = parser.parse_args()
    options = Options(words.folder.resolve(), 60 * words.minutes, words.seed, faults=tuple(words.fault))
    options = replace(options, finish=words.patience, drain=words.patience, rounds=words.rounds)
    options = replace(options, hail=words.hail)
    if words.smoke:
        options = replace(options, pace=1.5, brief=True)
    with a_stack(options.folder) as stack:
        report = asyncio.run(play(options, stack))
    report.write(options.folder / "report.json")
    report.show()
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
