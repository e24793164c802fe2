"""Start, stop and look at the stack from outside: used by `make`, the demonstration and the tests."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from infra.devstack.janitor import sweep
from infra.devstack.run_folder import ROOT, RunFolder
from infra.devstack.supervisor import BUSY

WHOLE = "infra.devstack.stack:whole_stack"
STOP_SECONDS = 45.0  # `down` promises 60


class StackFailed(Exception):
    """The stack did not start; why was printed."""


def running(run: RunFolder) -> dict[str, Any] | None:
    """What `stack.json` says, if that stack is alive and ready."""
    stack = run.stack()
    return stack if stack and stack["supervisor"] == run.holder() else None


def up(
    run: RunFolder, stack: str = WHOLE, owner: int = 0, settings: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """Waits until all is ready. Raises StackFailed.

    With an `owner` (pid) the stack ends with that process. `settings` are environment variables of the stack's
    processes, beside those of the caller.
    """
    if not run.holder():
        run.progress.unlink(missing_ok=True)
    with _followed(run.progress) as follow, _supervised(run, stack, owner, settings) as start:
        supervisor = start()
        while not (ready := running(run)):
            follow()
            if supervisor.poll() is not None and not run.holder():
                if supervisor.returncode != BUSY:
                    raise StackFailed(f"see {run.logs}")
                supervisor = start()
            time.sleep(0.1)
        follow()
        return ready


def down(run: RunFolder) -> bool:
    """Whether something ran; its data is gone, its logs stay."""
    supervisor = run.holder()
    if supervisor:
        _end(supervisor)
    sweep(f"{run.path}|")
    run.discard("logs")
    return bool(supervisor)


def _end(pid: int) -> None:
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5.0)):
        signal.pidfd_send_signal(end, number)
        if select.select([end], [], [], patience)[0]:
            break
    os.close(end)


@contextmanager
def _supervised(run: RunFolder, stack: str, owner: int, settings: Mapping[str, str]) -> Iterator[Any]:
    """Gives a function that starts a supervisor; an error in the block ends it again."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", "infra.devstack.supervisor", str(run.path), stack)
        words = ("--starter", str(os.getpid()), "--owner", str(owner))
        child = subprocess.Popen(
            (*command, *words),
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(child)
        return started[-1]

    try:
        yield start
    except BaseException:
        for supervisor in started:
            supervisor.terminate()
            supervisor.wait()
        raise


@contextmanager
def _followed(log: Path) -> Iterator[Any]:
    """Gives a function that prints what the log says anew."""
    said = 0

    def follow() -> None:
        nonlocal said
        text = log.read_bytes() if log.exists() else b""
        sys.stdout.write(text[said:].decode(errors="replace"))
        sys.stdout.flush()
        said = len(text)

    yield follow
    follow()
