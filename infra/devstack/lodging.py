"""A temporary folder that another user can reach, and the removal of such folders whose owner died."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

PREFIX = "cpt-postgres-"
MEMORY = Path("/dev/shm")  # noqa: S108 - private folders are made inside
ROOM = 4 * 1024**3
"""Bytes that a file system in memory must have free for the servers of tests."""


@contextmanager
def lodging(place: Path | None = None) -> Iterator[Path]:
    """In `place`, or among the temporary files. The owner's lock on the folder ends with its process, however that ends."""
    sweep()
    draft = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=place or _reachable_temp()))
    folder = draft.with_name(draft.name[1:])
    with (draft / "owner").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        draft.chmod(0o711)
        draft.rename(folder)  # only now visible to a sweep, which finds it locked
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def memory() -> Path | None:
    """A file system in memory with room: a clone of a database is six hundred files, and a disk's journal has each."""
    with contextlib.suppress(OSError):
        if reachable(MEMORY) and shutil.disk_usage(MEMORY).free >= ROOM:
            return MEMORY
    return None


def sweep() -> None:
    for folder in chain.from_iterable(place.glob(f"{PREFIX}*") for place in (_reachable_temp(), MEMORY)):
        if folder.is_symlink() or folder.stat().st_uid != os.getuid() or _owner_lives(folder):
            continue
        shutil.rmtree(folder, ignore_errors=True)


def reachable(path: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def _owner_lives(folder: Path) -> bool:
    try:
        with (folder / "owner").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _reachable_temp() -> Path:
    places = (Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - private folders are made inside
    return next(place for place in places if reachable(place))
