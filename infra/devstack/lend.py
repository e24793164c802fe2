"""Lends one server to a test session: runs it beside the session and ends with it, however the session ends."""

import asyncio
import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from infra.devstack.child import running, tail
from infra.devstack.janitor import marked
from infra.devstack.servers import server

ROOT = Path(__file__).parents[2]


def borrow(name: str, folder: Path, owner: int) -> str:
    """The address of a server that lives as long as the process `owner`; all who name this folder share it."""
    address, log = folder / f"{name}.address", folder / f"{name}.lender.log"
    with (folder / f"{name}.lock").open("w") as lock, log.open("ab") as output:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            command = (sys.executable, "-m", "infra.devstack.lend", name, str(folder), str(owner))
            lender = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=output, start_new_session=True)
            (folder / f"{name}.pid").write_text(str(lender.pid))
            if not lender.stdout or not lender.stdout.readline():
                raise RuntimeError(f"{name} did not start:\n{tail(log)}")
    return address.read_text()


def give_back(folder: Path, seconds: float = 30) -> None:
    """Ends every lender of this folder and waits for it."""
    for note in folder.glob("*.pid"):
        try:
            lender = os.pidfd_open(int(note.read_text()))
        except ProcessLookupError:
            continue
        signal.pidfd_send_signal(lender, signal.SIGTERM)
        select.select([lender], [], [], seconds)
        os.close(lender)


async def lend(name: str, folder: Path, owner: int) -> None:
    done, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    end = os.pidfd_open(owner)
    loop.add_reader(end, done.set)
    async with AsyncExitStack() as stack:
        stack.enter_context(marked(f"{folder}|{name}"))
        log = folder / f"{name}.log"
        program, address = await stack.enter_async_context(server(name, folder, log, durable=False))
        if program:
            await stack.enter_async_context(running(program))
        (folder / f"{name}.address").write_text(address)
        print("ready", flush=True)
        await done.wait()
    if select.select([end], [], [], 0)[0]:  # a killed session leaves its folder to us
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(lend(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
