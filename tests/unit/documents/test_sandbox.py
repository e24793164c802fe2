"""What a file of a stranger finds, should it ever take over the process that reads it: nothing."""

import asyncio
import errno
import json
import os
import socket
import sys

import pytest

from intake.documents.sandbox import hide_process

ATTEMPTS = """
import ctypes, json, os, socket, sys
from intake.documents.sandbox import enter_sandbox
parent, port, secret = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
library = ctypes.CDLL(None, use_errno=True)
def called(number, *arguments):
    if library.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")
tries = {
    "read a mounted secret": lambda: open(secret).read(),
    "read its parent's environment": lambda: open(f"/proc/{parent}/environ").read(),
    "list a folder": lambda: os.listdir("/"),
    "write a file": lambda: open(secret, "w"),
    "reach the database": lambda: socket.socket().connect(("127.0.0.1", port)),
    "start a process": os.fork,
    "run a program": lambda: os.execv("/bin/true", ["true"]),
    "signal its parent": lambda: os.kill(parent, 0),
    "attach to its parent": lambda: called(PTRACE, 16, parent, 0, 0),
    "read its parent's memory": lambda: called(VM_READ, parent, 0, 0, 0, 0, 0),
    "change its parent's limits": lambda: called(PRLIMIT, parent, 7, 0, 0),
    "become root again": lambda: os.setuid(0),
}
PTRACE, VM_READ, PRLIMIT = {"x86_64": (101, 310, 302), "aarch64": (117, 270, 261)}[os.uname().machine]
enter_sandbox()
found = {}
for name, attempt in tries.items():
    try:
        attempt()
        found[name] = 0
    except OSError as error:
        found[name] = error.errno
print(json.dumps(found))
"""


@pytest.fixture
async def found(tmp_path, monkeypatch):
    monkeypatch.setenv("CPT_POSTGRES__DSN", "postgresql://intake:secret@db/cpt")
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    secret.chmod(0o666)
    with socket.create_server(("127.0.0.1", 0)) as database:
        arguments = (str(os.getpid()), str(database.getsockname()[1]), str(secret))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", ATTEMPTS, *arguments), stdout=asyncio.subprocess.PIPE
        )
        answer, _ = await process.communicate()
    return json.loads(answer)


async def test_the_reading_process_reaches_nothing_and_nobody(found):
    assert len(found) == 12
    assert set(found.values()) == {errno.EPERM}, found


async def test_the_process_beside_it_hides_its_memory_and_environment():
    """ASVS 13.2: where another process of the same account looks."""
    code = "import sys; from intake.documents.sandbox import hide_process; hide_process(); print(flush=True); sys.stdin.read()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    await process.stdout.readline()
    owner = os.stat(f"/proc/{process.pid}/environ").st_uid  # noqa: PTH116 a look into the kernel
    process.stdin.close()
    await process.wait()

    assert owner == 0
    assert hide_process
