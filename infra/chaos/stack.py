"""A stack of its own for the faults, with crash points and a disk that can be filled."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.chaos.faults.disk import small_disk
from infra.demo.__main__ import stage
from infra.devstack.control import down, up
from infra.devstack.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class ChaosStack:
    """`disk` is where documents lie, if it can be filled; `settings` are variables of each of its processes."""

    run: RunFolder
    disk: Path | None
    settings: Mapping[str, str]

    @property
    def offset(self) -> float:
        """Seconds that its clocks are ahead of ours."""
        return float(self.settings["CPT_CLOCK_OFFSET"])


@contextmanager
def a_stack(folder: Path) -> Iterator[ChaosStack]:
    """A stack with crash points and a document disk that can be filled; everything is gone afterwards but the logs."""
    shutil.rmtree(folder / "crashes", ignore_errors=True)
    (folder / "crashes").mkdir(parents=True)
    with small_disk(folder / "documents") as disk:
        here = {"CPT_CRASH_AT": str(folder / "crashes"), "CPT_DOCUMENTS__URL": (folder / "documents").as_uri()}
        settings = stage() | here
        run = RunFolder(folder / "stack")
        try:
            up(run, owner=os.getpid(), settings=settings)
            yield ChaosStack(run, disk, settings)
        finally:
            down(run)
