"""What a run found, for people on the terminal and for machines in `report.json`."""

import json
import subprocess
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from infra.chaos.check.verdict import Verdict
from infra.devstack.run_folder import ROOT


@dataclass(slots=True)
class Happened:
    """`recovery`: seconds from the fault's end to full work; None when that took too long to wait for."""

    kind: str
    target: str
    at: float
    lasted: float
    recovery: float | None
    skipped: str = ""


@dataclass(slots=True)
class Report:
    seed: int
    seconds: float
    faults: list[Happened] = field(default_factory=list)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        return sum(len(verdict.violations) for verdict in self.verdicts.values())

    def write(self, path: Path) -> None:
        done = [fault for fault in self.faults if not fault.skipped]
        document = {
            "seed": self.seed,
            "commit": commit(),
            "seconds": self.seconds,
            "violations": self.violations,
            "faults_by_kind": dict(Counter(fault.kind for fault in done)),
            "faults": [asdict(fault) for fault in self.faults],
            "promises": [asdict(verdict) for verdict in self.verdicts.values()],
            **self.figures,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2) + "\n")

    def show(self) -> None:
        print(f"\n{len(self.faults)} faults, {self.figures}")
        for verdict in self.verdicts.values():
            word = (
                "BROKEN" if verdict.violations else (f"not judged: {verdict.unjudged}" if verdict.unjudged else "held")
            )
            print(f"  promise {verdict.promise:>2}  {verdict.title:<58} {word}")
            for violation in verdict.violations[:10]:
                print(f"      {violation}")
        print(f"{self.violations} violations", flush=True)


def commit() -> str:
    """With a `+` for changes that are not committed."""
    said = [
        subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        for words in (("rev-parse", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    ]
    return said[0] + ("+" if said[1] else "")
