"""`python -m infra.chaos.night --hours 8 --seed 1`: one seed after the other; the table of all is printed after each.

`--add REPORT …` prints the table of reports that are there already. Ends with 0 only when no promise was broken.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.devstack.run_folder import RunFolder

MINUTES = 10.0
AIMS = {("kill", "crash"): 5.0, ("broker", "postgres"): 10.0}
"""Seconds in which full work is to be back, by the first word of the kind; three for everything else."""


def table(reports: Iterable[Mapping[str, Any]]) -> str:
    """Each kind with its count and its recovery; what could not be brought about is not counted."""
    seeds, broken, recovered = set(), 0, defaultdict(list)
    for report in reports:
        seeds.add(report["seed"])
        broken += report["violations"]
        for fault in report["faults"]:
            if not fault["skipped"]:
                recovered[fault["kind"]].append(fault["recovery"])
    lines = [_line(kind, found) for kind, found in sorted(recovered.items())]
    count = sum(map(len, recovered.values()))
    head = "| fault | count | full work again after: median | worst | aim | missed |\n|" + " --- |" * 6
    return "\n".join([head, *lines, f"\n{count} faults, {len(seeds)} seeds, {broken} violations"])


def _line(kind: str, found: list[float | None]) -> str:
    measured = [seconds for seconds in found if seconds is not None]
    aim = next((seconds for words, seconds in AIMS.items() if kind.startswith(words)), 3.0)
    if not measured:
        return f"| `{kind}` | {len(found)} | | | {aim:.0f} s | |"
    missed = f"{sum(seconds > aim for seconds in measured)} of {len(measured)}"
    middle, worst = statistics.median(measured), max(measured)
    return f"| `{kind}` | {len(found)} | {middle:.1f} s | {worst:.1f} s | {aim:.0f} s | {missed} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.chaos.night", description=__doc__)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    parser.add_argument("--folder", type=Path, default=RunFolder().path / "night")
    parser.add_argument("--add", type=Path, nargs="*", default=[])
    words = parser.parse_args()
    reports, seed, until = [*words.add], words.seed, time.monotonic() + words.hours * 3600
    failed = 0
    while not words.add and time.monotonic() < until:
        folder = words.folder / f"seed-{seed}"
        command = ("-m", "infra.chaos", "--hail", "--minutes", f"{MINUTES}", "--seed", f"{seed}", "--folder", folder)
        failed += subprocess.run([sys.executable, *map(str, command)], check=False).returncode != 0
        reports += [folder / "report.json"] if (folder / "report.json").exists() else []
        print(_of(reports), flush=True)
        seed += 1
    if words.add:
        print(_of(reports))
    return 1 if failed or any(json.loads(path.read_text())["violations"] for path in reports) else 0


def _of(reports: Iterable[Path]) -> str:
    return table(json.loads(path.read_text()) for path in reports)


if __name__ == "__main__":
    sys.exit(main())
