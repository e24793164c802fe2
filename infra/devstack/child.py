"""Starts programs that cannot outlive this process, and ends them with everything they started."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.devstack.patience import stretched

TETHER = str(Path(__file__).with_name("tether.py"))


class StartError(Exception):
    """A program ended, or was not ready in time; the text holds the end of its log."""


async def always() -> bool:
    return True


@dataclass(frozen=True)
class Program:
    """`env` is added to the caller's environment; `ready` and `alive` are asked again and again.

    `overrides`: a JSON file of variables that win at the next start, so that a process comes back with another clock.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    log: Path
    ready: Callable[[], Awaitable[bool]] = always
    alive: Callable[[], Awaitable[bool]] = always
    env: Mapping[str, str] = field(default_factory=dict)
    overrides: Path | None = None
    user: str = ""
    farewell: signal.Signals = signal.SIGTERM
    last_signal: signal.Signals = signal.SIGKILL


async def launch(program: Program) -> Process:
    """Must be called from the main thread: the kernel ties the child's life to the calling thread."""
    arguments = (str(int(program.last_signal)), str(os.getpid()), program.user, *program.command)
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", TETHER, *arguments),
            cwd=program.folder,
            env={**os.environ, **program.env, **_overrides(program)},
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _overrides(program: Program) -> dict[str, str]:
    found = program.overrides
    return json.loads(found.read_text()) if found and found.exists() else {}


async def finish(program: Program) -> None:
    """Runs one step to its end; raises StartError when it fails."""
    process = await launch(program)
    try:
        if await process.wait() != 0:
            raise StartError(f"{program.name} failed; the end of {program.log}:\n{tail(program.log)}")
    finally:
        await stop(process)


async def output(*command: str) -> str:
    """Everything that a short command says; "" where there is no such command."""
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT)
    except OSError:
        return ""
    return (await process.communicate())[0].decode(errors="replace")


async def until_ready(program: Program, process: Process, seconds: float) -> None:
    """Raises StartError; the seconds are those of a quiet machine."""
    began = time.monotonic()
    while process.returncode is None and time.monotonic() - began < stretched(seconds):
        if await program.ready():
            return
        await asyncio.sleep(0.05)
    state = "is not ready" if process.returncode is None else f"ended with {process.returncode}"
    raise StartError(f"{program.name} {state}; the end of {program.log}:\n{tail(program.log)}")


@asynccontextmanager
async def running(program: Program, seconds: float = 60) -> AsyncIterator[Process]:
    process = await launch(program)
    try:
        await until_ready(program, process, seconds)
        yield process
    finally:
        await stop(process, program.farewell)


async def stop(process: Process, farewell: signal.Signals = signal.SIGTERM, grace: float = 20) -> None:
    if process.returncode is None:
        process.send_signal(farewell)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), grace)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
