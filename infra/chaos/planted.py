"""`python -m infra.chaos.planted [--only NAME]`: plants bugs in a copy of the source; the checker must see each."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.devstack.run_folder import ROOT

LIST = Path(__file__).with_name("planted.toml")
LONGEST = 420.0
COPIED = ("infra", "services", "shared", "pyproject.toml")
IMPORTED = ("shared", "services/intake", "services/enrollment-sync", "services/review", "services/notifier")


@dataclass(frozen=True, slots=True)
class Bug:
    """`says`: part of the violation of `promise` that this bug and no other brings about; `fault`: the kind without which it
    stays hidden, where there is one.
    """

    name: str
    group: str
    promise: int
    says: str
    edits: tuple[dict[str, str], ...]
    fault: str = ""

    def unfit(self, root: Path) -> Iterator[str]:
        """Edits whose text stands in the source not exactly once."""
        for edit in self.edits:
            if (root / edit["file"]).read_text("utf-8").count(edit["old"]) != 1:
                yield f"{self.name}: {edit['file']}: {edit['old']!r}"

    def plant(self, root: Path) -> None:
        for edit in self.edits:
            path = root / edit["file"]
            path.write_text(path.read_text("utf-8").replace(edit["old"], edit["new"], 1), "utf-8")

    def caught(self, report: dict[str, Any]) -> str:
        """The violation that gives it away, "" when none does."""
        found = [line for p in report["promises"] if p["promise"] == self.promise for line in p["violations"]]
        return next((line for line in found if self.says in line), "")


def read_list() -> tuple[list[Bug], dict[str, dict[str, Any]]]:
    listed = tomllib.loads(LIST.read_text("utf-8"))
    bugs = [
        Bug(b["name"], b["group"], b["promise"], b["says"], tuple(b["edits"]), b.get("fault", ""))
        for b in listed["bug"]
    ]
    return bugs, listed["groups"]


def run(bugs: Iterable[Bug], group: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The report of one short run over the planted source, without promises when it did not come to its end."""
    shutil.rmtree(folder, ignore_errors=True)
    tree = _copied(folder / "source")
    for bug in bugs:
        bug.plant(tree)
    path = os.pathsep.join(str(tree / name / "src") for name in IMPORTED)
    command = (sys.executable, "-m", "infra.chaos", *_words(group, folder))
    with (folder / "run.log").open("w") as log, suppress(subprocess.TimeoutExpired):
        environment = {**os.environ, "PYTHONPATH": path}
        subprocess.run(command, cwd=tree, env=environment, stdout=log, stderr=log, timeout=LONGEST, check=False)
    shutil.rmtree(tree, ignore_errors=True)
    written = folder / "report.json"
    report: dict[str, Any] = json.loads(written.read_text()) if written.exists() else {"promises": []}
    return report


def _copied(tree: Path) -> Path:
    tree.mkdir(parents=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, symlinks=True)
        else:
            shutil.copy2(ROOT / name, tree / name)
    return tree


def _words(group: dict[str, Any], folder: Path) -> Iterator[str]:
    yield from ("--smoke", "--minutes", f"{group.get('seconds', 20) / 60}", "--folder", f"{folder}")
    yield from ("--patience", f"{group.get('patience', 40)}", "--rounds", f"{group.get('rounds', 0)}")
    for fault in group["faults"]:
        yield from ("--fault", fault)


def main() -> int:
    bugs, groups = read_list()
    parser = argparse.ArgumentParser(prog="python -m infra.chaos.planted", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="a bug or a group; again for more")
    parser.add_argument("--folder", type=Path, default=ROOT / ".run" / "planted")
    words = parser.parse_args()
    chosen: dict[str, list[Bug]] = defaultdict(list)
    for bug in bugs:
        if not words.only or {bug.name, bug.group} & set(words.only):
            chosen[bug.group].append(bug)
    missed = 0
    for name, planted in chosen.items():
        began = time.monotonic()
        report = run(planted, groups[name], (words.folder / name).resolve())
        for bug in planted:
            said = bug.caught(report)
            missed += not said
            print(f"| `{bug.name}` | {bug.promise} | {said or 'NOT CAUGHT'} |", flush=True)
        print(f"group {name}: {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.0f}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
