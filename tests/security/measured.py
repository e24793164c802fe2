"""python -m tests.security.measured SERVICE: its web process, and on each line of standard input what it cost since.

`block`: the longest time, in milliseconds, that the event loop computed without a turn for anybody else. It is processor
time of the loop's own thread, so that a busy machine does not count. `peak`: MiB of memory at most.
"""

import asyncio
import importlib
import json
import os
import socket
import sys
import time
from pathlib import Path

import uvicorn

from cpt.runtime.main import _collect_less

_SETTINGS = {
    "intake": "IntakeSettings",
    "enrollment_sync": "EnrollmentSettings",
    "review": "ReviewSettings",
    "notifier": "NotifierSettings",
}
_TURN = 0.002  # seconds between two looks at the clock


class Meter:
    def __init__(self) -> None:
        self.block = 0.0

    async def watch(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(_TURN)
            self.block = max(self.block, time.thread_time() - before)

    def read(self) -> dict[str, float]:
        status = Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        Path("/proc/self/clear_refs").write_text("5")
        block, self.block = self.block * 1000, 0.0
        return {"block": block, "peak": peak}


async def main(service: str) -> None:
    settings = getattr(importlib.import_module(f"{service}.settings"), _SETTINGS[service])()
    app = importlib.import_module(f"{service}.app").build_web(settings)
    _collect_less()  # as every process of ours does
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, server_header=False))
    serving, meter = asyncio.create_task(server.serve(sockets=[listening])), Meter()
    watching = asyncio.create_task(meter.watch())
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # a log line is no answer
    print(listening.getsockname()[1], file=answers)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        print(json.dumps(meter.read()), file=answers)
    watching.cancel()
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
