"""A stack of its own for the faults, with crash points and a disk that can be filled."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.chaos.faults.disk import small_disk
from infra.demo.__main__ import stage
from infra.devstack.control import down, up
from infra.devstack.run_folder import RunFolder


@contextmanager
def a_stack(folder: Path) -> Iterator[tuple[RunFolder, Path | None]]:
    """A stack with crash points and a document disk that can be filled; everything is gone afterwards but the logs."""
    shutil.rmtree(folder / "crashes", ignore_errors=True)
    (folder / "crashes").mkdir(parents=True)
    before = dict(os.environ)
    with small_disk(folder / "documents") as disk:
        here = {"CPT_CRASH_AT": str(folder / "crashes"), "CPT_DOCUMENTS__URL": (folder / "documents").as_uri()}
        os.environ.update(stage() | here)
        run = RunFolder(folder / "stack")
        try:
            up(run, owner=os.getpid())
            yield run, disk
        finally:
            down(run)
            os.environ.clear()
            os.environ.update(before)
