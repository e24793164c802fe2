"""`python -m tests.simulation.planted [--only NAME]`: plants bugs in a copy of the source; a schedule must find each."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from infra.chaos.planted import COPIED, IMPORTED, Bug
from infra.devstack.run_folder import ROOT
from tests.simulation.story import say

LIST = Path(__file__).with_name("planted.toml")
SEEDS = 1000


def read_list() -> list[Bug]:
    listed = tomllib.loads(LIST.read_text("utf-8"))["bug"]
    return [Bug(bug["name"], "", 0, bug["says"], tuple(bug["edits"])) for bug in listed]


def search(bug: Bug, folder: Path) -> dict:
    """The report of a search that ends with the first schedule that breaks a promise."""
    for name in (*COPIED, "tests"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    bug.plant(folder)
    report, path = folder / "report.json", os.pathsep.join(str(folder / name / "src") for name in IMPORTED)
    command = (sys.executable, "-m", "tests.simulation", "--seeds", f"{SEEDS}", "--report", report, "--shrink", "20")
    with (folder / "log").open("w") as log:
        subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": path}, stdout=log, stderr=log, check=False)
    if not report.exists():
        say((folder / "log").read_text()[-2000:])
    return json.loads(report.read_text()) if report.exists() else {"schedules": 0, "broken": ["no report"]}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.planted", description=__doc__)
    parser.add_argument("--only", action="append", default=[])
    words, missed = parser.parse_args(), 0
    for bug in read_list():
        if words.only and bug.name not in words.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = search(bug, Path(folder))
        said = next((line for line in found["broken"] if bug.says in line), "")
        missed += not said
        what = said or f"MISSED: {found['broken']}"
        say(f"| `{bug.name}` | {found['schedules']} | {what} |")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
