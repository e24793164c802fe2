"""`python -m infra.campus`: one process, its settings from the environment, its tokens good after a restart."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.campus.server import free_port, running_campus
from infra.campus.settings import HOST, Settings
from infra.devstack.patience import stretched

ROOT = Path(__file__).parents[2]
DAY = 24 * 3600


@contextlib.asynccontextmanager
async def process(port, folder, **environment):
    settings = {"CPT_CAMPUS__PORT": str(port), "CPT_CAMPUS__SMTP_PORT": str(free_port())}
    settings |= {"CPT_CAMPUS__STATE_DIR": str(folder), **environment}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")}
    command = (sys.executable, "-m", "infra.campus")
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=inherited | settings)
    try:
        async with asyncio.timeout(stretched(30)), httpx2.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
            while not await answers(client):
                assert child.returncode is None
                await asyncio.sleep(0.1)
            yield client
    finally:
        child.terminate()
        assert await asyncio.wait_for(child.wait(), stretched(60)) in {0, -signal.SIGTERM}


async def answers(client):
    with contextlib.suppress(httpx2.TransportError):
        return (await client.get("/readyz")).status_code == 200
    return False


async def claims(client, token):
    keys = KeySet.import_key_set((await client.get("/oidc/jwks")).json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


async def test_a_token_is_still_good_after_a_restart(tmp_path):
    port = free_port()
    async with process(port, tmp_path / "state") as client:
        token = (await client.post("/demo/token", json={"sub": "30012345", "roles": ["student"]})).json()

    async with process(port, tmp_path / "state") as client:
        assert (await claims(client, token["access_token"]))["sub"] == "30012345"
    assert [file.stat().st_mode & 0o077 for file in (tmp_path / "state").iterdir()] == [0]


async def test_the_clock_offset_shifts_tokens_and_times(tmp_path):
    async with process(free_port(), tmp_path, CPT_CLOCK_OFFSET=str(-30 * DAY)) as client:
        token = (await client.post("/demo/token", json={"sub": "x", "roles": []})).json()["access_token"]
        view = (await client.put("/demo/students/30000001/enrollments", json=[])).json()

        issued = (await claims(client, token))["iat"]

    assert issued == pytest.approx(time.time() - 30 * DAY, abs=60)
    assert view["as_of"][:10] == time.strftime("%Y-%m-%d", time.gmtime(issued))


async def test_events_over_http_reach_the_service_of_each_system_in_order(tmp_path):
    received = []
    async with a_service(received) as address:
        links = {"enrollment_sync": address, "intake": address}
        settings = Settings(port=0, smtp_port=0, kafka="", state_dir=tmp_path, console_links=links)
        async with running_campus(settings) as campus, httpx2.AsyncClient(base_url=campus.url) as client:
            kinds = ["edu.umass.spire.x", "edu.umass.spire.y", "com.joinhandshake.z"]
            answer = await client.post("/demo/events?via=http", json=[{"id": kind, "type": kind} for kind in kinds])
            roles = [(await claims(client, token))["roles"] for token, _ in received]

    assert [sent["service"] for sent in answer.json()["sent"]] == ["enrollment_sync", "enrollment_sync", "intake"]
    assert [[event["id"] for event in batch] for _, batch in received] == [kinds[:2], kinds[2:]]
    assert roles == [["registrar"], ["handshake"]]


@contextlib.asynccontextmanager
async def a_service(received):
    """Stands in for the services' event intake: keeps the token and the batch of each call."""

    async def take(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        raw = await reader.readexactly(int(headers["content-length"]))
        received.append((headers["authorization"].removeprefix("Bearer "), json.loads(raw)))
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(take, HOST, 0) as server:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
