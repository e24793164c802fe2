"""`python -m infra.chaos.night --hours 8 --seed 1`: one seed after the other; the table of all is printed after each.

`--add REPORT …` prints the table of reports that are there already. Ends with 0 only when no promise was broken.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from infra.chaos.runs import kept_of, table
from infra.devstack.run_folder import RunFolder

MINUTES = 10.0


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
    return table(kept_of(json.loads(path.read_text())) for path in reports)


if __name__ == "__main__":
    sys.exit(main())
