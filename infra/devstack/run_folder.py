"""The folder `.run`: whose stack runs, where it is reached, its logs, secrets and data."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class RunsAlready(Exception):
    """Another supervisor holds this folder."""


@dataclass(frozen=True)
class RunFolder:
    path: Path = ROOT / ".run"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def progress(self) -> Path:
        """What the supervisor says."""
        return self.logs / "devstack.log"

    @contextmanager
    def held(self) -> Iterator[None]:
        """The lock ends with this process, however it ends. Raises RunsAlready."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RunsAlready from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def holder(self) -> int | None:
        """The pid of the supervisor that lives."""
        try:
            with (self.path / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return int((self.path / "lock").read_text() or 0) or None
        return None

    def stack(self) -> dict[str, Any] | None:
        """What runs and is ready, as `stack.json` says it."""
        try:
            found: dict[str, Any] = json.loads((self.path / "stack.json").read_text())
        except FileNotFoundError:
            return None
        return found

    def write(self, name: str, content: Any) -> None:
        """At once, and only for its owner, because addresses hold passwords."""
        draft = self.path / f".{name}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(content, indent=2) + "\n")
        draft.replace(self.path / name)

    def discard(self, *kept: str) -> None:
        """Removes everything but the lock and what is named."""
        for entry in self.path.iterdir() if self.path.exists() else ():
            if entry.name in {"lock", *kept}:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
