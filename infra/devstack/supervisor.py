"""The background process that owns a stack: starts it, keeps it, and takes it down when told or when its owner ends."""

import argparse
import asyncio
import importlib
import os
import secrets
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from infra.devstack.janitor import marked, sweep
from infra.devstack.keeper import Report
from infra.devstack.run_folder import RunFolder, RunsAlready

Stack = Callable[[RunFolder, Report], AbstractAsyncContextManager[dict[str, Any]]]
BUSY = 3  # exit code: another supervisor holds the folder
SERVERS = {"postgres", "kafka", "campus"}


def main(run: RunFolder, stack: Stack, starter: int, owner: int) -> int:
    """`starter` must live until the stack is ready, `owner` as long as it runs; 0 is nobody."""
    try:
        with run.held():
            sweep(f"{run.path}|")
            run.discard()
            _say_into(run.progress)
            with marked(f"{run.path}|{secrets.token_hex(8)}"):
                return asyncio.run(_supervise(run, stack, starter, owner))
    except RunsAlready:
        return BUSY


async def _supervise(run: RunFolder, stack: Stack, starter: int, owner: int) -> int:
    ready, ending = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    _at_end_of(owner, ending.set)
    _at_end_of(starter, lambda: None if ready.is_set() else ending.set())
    life = asyncio.create_task(_live(run, stack, ready))
    end = asyncio.create_task(ending.wait())
    await asyncio.wait({life, end}, return_when=asyncio.FIRST_COMPLETED)
    end.cancel()
    life.cancel()
    try:
        await life
    except asyncio.CancelledError:
        print("everything is stopped", flush=True)
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it is, the person who waits for the start must read it
        print(*_causes(error), sep="\n", flush=True)
    return 1


async def _live(run: RunFolder, stack: Stack, ready: asyncio.Event) -> None:
    pids: dict[str, int] = {}
    document: dict[str, Any] = {}

    def publish() -> None:
        processes = {name: pid for name, pid in pids.items() if name not in SERVERS}
        servers = {name: pid for name, pid in pids.items() if name in SERVERS}
        run.write("stack.json", document | {"processes": processes, "servers": servers, "supervisor": os.getpid()})

    def report(name: str, pid: int) -> None:
        pids[name] = pid
        if ready.is_set():
            publish()

    async with stack(run, report) as addresses:
        document.update(addresses)
        publish()
        ready.set()
        await asyncio.Event().wait()


def _at_end_of(pid: int, act: Callable[[], object]) -> None:
    if not pid:
        return
    loop = asyncio.get_running_loop()
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        act()
        return

    def once() -> None:
        loop.remove_reader(end)
        act()

    loop.add_reader(end, once)


def _causes(error: BaseException) -> list[str]:
    """One line for each cause; a failed start has its text, a mistake of ours its kind too."""
    if isinstance(error, BaseExceptionGroup):
        return [line for inner in error.exceptions for line in _causes(inner)]
    return [f"{type(error).__name__}: {error}"]


def _say_into(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("stack", help="module:function")
    parser.add_argument("--starter", type=int, default=0)
    parser.add_argument("--owner", type=int, default=0)
    words = parser.parse_args()
    module, _, function = words.stack.partition(":")
    sys.exit(main(RunFolder(words.run), getattr(importlib.import_module(module), function), words.starter, words.owner))
