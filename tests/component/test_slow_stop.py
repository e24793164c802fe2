"""A web process ends when it is told to, whatever a client is doing: below the least grace of its pod (P38)."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from cpt.runtime.main import serving
from cpt.runtime.sections import HttpSettings
from infra.devstack.patience import stretched
from infra.devstack.ports import free_port
from tests.integration.conftest import until

CHART = json.loads(Path("infra/helm/cpt/values.schema.json").read_text())
GRACE = CHART["$defs"]["web"]["properties"]["graceSeconds"]["minimum"]
PROGRAM = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from cpt.runtime.main import serving
from cpt.runtime.sections import HttpSettings

async def take(request):
    print("begun", flush=True)
    await request.body()
    return Response("taken")

uvicorn.run(Starlette(routes=[Route("/", take, methods=["POST"])]), **serving(HttpSettings(port=int(sys.argv[1]))))
"""


@pytest.fixture
async def web():
    """A process with the server's options of every web process, and its port."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, str(port), stdout=PIPE)
    yield process, port
    if process.returncode is None:
        process.kill()
        await process.wait()


async def connected(port):
    async def there():
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return None

    return await until(there, 60)


async def test_an_upload_at_a_byte_a_second_does_not_hold_the_end_of_a_process(web):
    process, port = web
    _, writer = await connected(port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
    await writer.drain()

    async def trickle():
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(1)

    trickling = asyncio.create_task(trickle())
    assert await process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), stretched(120))  # by itself the client would never end it

    trickling.cancel()
    assert serving(HttpSettings())["timeout_graceful_shutdown"] < GRACE
