"""The largest body that each endpoint takes costs at most 50 MiB, 100 ms of the loop and an answer of 1 MB.

`CPT_WRITE_ATTEMPTS=1` keeps what was measured in docs/security.md; `make attempts` does.
"""

import asyncio
import contextlib
import json
import os
import re
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from infra.campus.server import running_campus
from infra.campus.settings import Settings as CampusSettings
from infra.devstack.databases import SERVICES
from tests.security.attempts import attempts_of

SMALL = 64 * 1024
"""No body up to this size is refused for its length."""
MOST_MEMORY, MOST_BLOCK, MOST_ANSWER = 50, 100, 1_000_000
ROLES = ["student", "adviser", "director", "compliance", "operations", "registrar", "handshake"]
KNOWN = {"request_id": "r1", "kind": "offer_letter"}
PAGE = Path("docs/security.md")
WRITE = os.environ.get("CPT_WRITE_ATTEMPTS") == "1"


class _One(dict):
    def __missing__(self, _):
        return "1"


@pytest.fixture(scope="module")
async def campus(tmp_path_factory):
    settings = CampusSettings(port=0, smtp_port=0, kafka="", state_dir=tmp_path_factory.mktemp("campus"))
    async with running_campus(settings, await_kafka=False) as running:
        yield running


class Measured:
    def __init__(self, process, url):
        self._process, self.url = process, url

    async def cost(self):
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()
        return json.loads(await self._process.stdout.readline())


@pytest.fixture
async def measured(cloned, campus, tmp_path):
    processes = []

    async def start(service):
        roles = await cloned(service)
        env = {
            "CPT_POSTGRES__DSN": roles["web"],
            "CPT_OIDC__ISSUER": campus.issuer,
            "CPT_PUBLIC_URL": "http://service.example",
            "CPT_DOCUMENTS__URL": (tmp_path / "objects").as_uri(),
            "CPT_SPIRE__URL": campus.url,
            "CPT_SPIRE__TOKEN": campus.spire_token.get_secret_value(),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.security.measured", service),
            env={**os.environ, **env},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        processes.append(process)
        return Measured(process, f"http://127.0.0.1:{int(await process.stdout.readline())}")

    yield start
    for process in processes:
        process.stdin.close()
        await process.wait()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_body_costs_more_than_it_may(measured, campus, service):
    running, rows, dear = await measured(service), [], []
    async with httpx2.AsyncClient(base_url=running.url, timeout=60) as client:
        asked = await client.get("/openapi.json")
        assert asked.status_code == 200, asked.text
        openapi = asked.json()
        for number, attempt in enumerate(attempts_of(openapi, _One(KNOWN))):
            who = {"sub": f"3{number:07}", "roles": ROLES}  # a person each, or their rate would answer
            token = (await client.post(f"{campus.url}/demo/token", json=who)).json()["access_token"]
            headers = {"authorization": f"Bearer {token}", **attempt.headers}
            await client.get("/openapi.json")
            before = await running.cost()
            status, size = await _answer(client, attempt, headers)
            after = await running.cost()
            row = (attempt, status, after["peak"] - before["peak"], after["block"], size)
            rows.append(row)
            if row[2] > MOST_MEMORY or row[3] > MOST_BLOCK or row[4] > MOST_ANSWER or status >= 500:
                dear.append((attempt.method, attempt.path, attempt.what, *row[1:]))
    if WRITE:
        _write(service, rows)

    assert len(rows) >= 5
    assert not dear, "\n".join(map(str, dear))


async def _answer(client, attempt, headers):
    """Status and size. Whoever still sends when a body is refused may lose the answer to the closed connection."""
    asked = client.stream(attempt.method, attempt.path, content=attempt.content, headers=headers)
    try:
        async with asked as answer:
            with contextlib.suppress(httpx2.ReadError):
                await answer.aread()
            return answer.status_code, answer.num_bytes_downloaded
    except (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError):
        assert len(attempt.content) > SMALL
        return 413, 0


def _write(service, rows):
    """The dearest of each kind; between the two marks of the page."""
    kinds = defaultdict(list)
    for attempt, *cost in rows:
        kinds[re.sub(r"^(many|long) .*", r"\1", attempt.what)].append((attempt, *cost))
    lines = []
    for kind, found in sorted(kinds.items()):
        attempt, status, memory, block, answer = max(found, key=lambda row: (row[3], row[2]))
        size = f"{len(attempt.content) / 1024:,.0f} KiB"
        lines.append(
            f"| {service} | {kind} ({len(found)}) | {size} | {status} | {max(memory, 0):.0f} MiB | {block:.0f} ms | {answer:,} B |"
        )
    page = PAGE.read_text("utf-8")
    head, mark, rest = page.partition("<!-- attempts: bodies -->\n")
    assert mark
    table, end, tail = rest.partition("<!-- end -->")
    kept = [line for line in table.splitlines() if not line.startswith(f"| {service} |")]
    kept = [re.sub(r"^Measured on .*", f"Measured on {datetime.now(UTC):%Y-%m-%d}.", line) for line in kept]
    PAGE.write_text(head + mark + "\n".join([*kept, *lines]) + "\n" + end + tail, "utf-8")
