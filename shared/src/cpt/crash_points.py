"""Places where the fault suite ends a process at once; nothing happens unless CPT_CRASH_AT names a folder.

A file `<service>-<kind>.<point>` in it arms the point for one crash. Production refuses the variable.
"""

import os
import signal
from pathlib import Path

_watched: dict[str, Path] = {}


def watch(folder: str, process: str) -> None:
    """From now on points of this process are looked for in the folder; "" is none."""
    if folder:
        _watched[process] = Path(folder)


def armed(*points: str) -> bool:
    """Whether this process is to end at one of them."""
    return any((folder / f"{process}.{point}").exists() for process, folder in _watched.items() for point in points)


def reached(point: str) -> None:
    """Does not return where the point is armed."""
    for process, folder in _watched.items():
        if (folder / f"{process}.{point}").exists():
            (folder / f"{process}.{point}").unlink()
            os.kill(os.getpid(), signal.SIGKILL)
