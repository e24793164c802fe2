"""`python -m infra.chaos.runs`: the tables of docs/chaos.md, made of every run that was kept.

`--keep REPORT …` keeps the reports of attacks and of simulations, one line each. Nothing is left out by hand: a run that
broke a promise is kept like any other.
"""

import argparse
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from infra.chaos.faults.catalog import catalog
from infra.chaos.planted import read_list
from infra.devstack.run_folder import ROOT

KEPT = Path(__file__).with_name("runs.jsonl")
DOCUMENT = ROOT / "docs" / "chaos.md"
MARKS = ("<!-- from runs -->\n", "<!-- until here -->\n")
BROKER, FAILOVER, WORKER, ELSE = 10.0, 10.0, 5.0, 3.0
FAILOVERS = ("postgres_immediate_stop", "postgres_read_only")
DIES = ("kill", "crash")
SORTS = {"worker": "worker", "web": "web process"}
OF_ONE_PROCESS = (*DIES, "terminate", "freeze")

Run = Mapping[str, Any]


class Kind(NamedTuple):
    """A fault, and of which sort of process where both sorts have it."""

    name: str
    of: str

    @property
    def aim(self) -> float:
        """Seconds in which full work is to be back."""
        if self.name.startswith("broker"):
            return BROKER
        if self.name in FAILOVERS:
            return FAILOVER
        return WORKER if self.of == "worker" and self.name.startswith(DIES) else ELSE


def kind_of(name: str, target: str) -> Kind:
    return Kind(name, target.rpartition("-")[2] if name.startswith(OF_ONE_PROCESS) else "")


def kept_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the tables need of a report; a fault that could not be brought about is none."""
    if "schedules" in report:
        return {name: report[name] for name in ("schedules", "first", "steps", "seconds", "broken")}
    faults = [[f["kind"], f["target"], f["recovery"]] for f in report["faults"] if not f["skipped"]]
    return {name: report[name] for name in ("seed", "commit", "seconds", "violations")} | {"faults": faults}


def recovery_table(runs: Iterable[Run]) -> Iterator[str]:
    """A line for each kind there is, also for one that no kept run has met."""
    met: dict[Kind, list[float | None]] = {kind_of(fault.kind, fault.target): [] for fault in catalog()}
    for run in runs:
        for name, target, seconds in run["faults"]:
            met.setdefault(kind_of(name, target), []).append(seconds)
    bugs: dict[str, list[str]] = defaultdict(list)
    for bug in read_list()[0]:
        bugs[bug.fault].append(f"`{bug.name}`")
    yield "| fault | count | full work again after: median | worst | aim | missed | planted bug that needs it |"
    yield "|" + " --- |" * 7
    for kind, found in sorted(met.items()):
        yield _line(kind, found, ", ".join(bugs[kind.name]) or "none")


def _line(kind: Kind, found: list[float | None], bugs: str) -> str:
    label = f"`{kind.name}`" + (f" of a {SORTS[kind.of]}" if kind.of else "")
    measured = [seconds for seconds in found if seconds is not None]
    if not measured:
        return f"| {label} | {len(found)} | | | {kind.aim:.0f} s | | {bugs} |"
    missed = f"{sum(seconds > kind.aim for seconds in measured)} of {len(measured)}"
    middle, worst = statistics.median(measured), max(measured)
    return f"| {label} | {len(found)} | {middle:.1f} s | {worst:.1f} s | {kind.aim:.0f} s | {missed} | {bugs} |"


def totals(runs: Iterable[Run]) -> str:
    attacks = [run for run in runs if "faults" in run]
    count, minutes = sum(len(run["faults"]) for run in attacks), sum(run["seconds"] for run in attacks) / 60
    broken, seeds = sum(run["violations"] for run in attacks), len({run["seed"] for run in attacks})
    density = f"{count / minutes:.0f} a minute" if minutes else "none"
    return f"{count} faults in {len(attacks)} runs over {seeds} seeds, {density}; {broken} violations."


def schedules(runs: Iterable[Run]) -> str:
    searches = [run for run in runs if "schedules" in run]
    count, broken = sum(run["schedules"] for run in searches), sum(bool(run["broken"]) for run in searches)
    return f"{count} simulated schedules in {len(searches)} searches, {broken} of which ended with a broken promise."


def table(runs: Iterable[Run]) -> str:
    """Both sums, and the recovery by kind."""
    known = [*runs]
    attacks = [run for run in known if "faults" in run]
    return "\n".join([totals(known), "", schedules(known), "", *recovery_table(attacks), ""])


def read_kept() -> list[Run]:
    return [json.loads(line) for line in KEPT.read_text("utf-8").splitlines()]


def written(document: str, runs: Iterable[Run]) -> str:
    """The document with the tables of these runs."""
    before, _, rest = document.partition(MARKS[0])
    return before + MARKS[0] + table(runs) + MARKS[1] + rest.partition(MARKS[1])[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.chaos.runs", description=__doc__)
    parser.add_argument("--keep", type=Path, nargs="*", default=[], help="reports to add to the kept runs")
    words = parser.parse_args()
    with KEPT.open("a", encoding="utf-8") as kept:
        kept.writelines(json.dumps(kept_of(json.loads(path.read_text()))) + "\n" for path in words.keep)
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8"), read_kept()), "utf-8")
    print(table(read_kept()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
