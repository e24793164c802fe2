"""Removes what a killed supervisor could not: its helpers' helpers, its containers, its temporary folder."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.devstack import lodging
from infra.devstack.engine import containers

MARK = "DEVSTACK_MARK"  # in the environment of every program of a stack
ROOT = Path(__file__).parents[2]


@contextmanager
def marked(mark: str) -> Iterator[None]:
    """Everything started inside carries the mark; a janitor waits beside this process for its end."""
    command = (sys.executable, "-m", "infra.devstack.janitor", str(os.getpid()), mark)
    janitor = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    os.environ[MARK] = mark
    try:
        yield
    finally:
        del os.environ[MARK]
        janitor.terminate()
        janitor.wait()


def sweep(mark: str) -> None:
    """Ends everything whose mark begins so."""
    for pid in _carriers(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if engine := containers():
        engine.sweep(mark)
    lodging.sweep()


def _carriers(mark: str) -> Iterator[int]:
    wanted = f"\0{MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in b"\0" + (process / "environ").read_bytes() and int(process.name) != os.getpid():
                yield int(process.name)


def main(owner: str, mark: str) -> None:
    with contextlib.suppress(ProcessLookupError):
        select.select([os.pidfd_open(int(owner))], [], [])
    sweep(mark)


if __name__ == "__main__":
    main(*sys.argv[1:])
