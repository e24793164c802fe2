"""A document store whose disk is full: a small memory disk of its own, filled for a while."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.chaos.faults.world import Fault, NotHere, World

SIZE = "256m"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """The folder as a disk of its own; None where this user may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=False)


def disk_faults() -> list[Fault]:
    return [Fault("disk_full", "document store", fill)]


async def fill(world: World) -> None:
    """Raises `NotHere`."""
    if world.disk is None:
        raise NotHere("only root may mount the small disk that is to be filled")
    with filled(world.disk):
        await asyncio.sleep(world.seconds(10))


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Within it, no byte more fits on the disk."""
    filler = disk / "filler"
    try:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass
        yield
    finally:
        filler.unlink(missing_ok=True)
