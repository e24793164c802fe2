"""The largest body that each endpoint takes costs at most 50 MiB, 100 ms of the loop and an answer of 1 MB.

`CPT_WRITE_ATTEMPTS=1` keeps what was measured in docs/security.md; `make attempts` does.
"""

import asyncio
import contextlib
import os
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from infra.devstack.databases import SERVICES
from intake.documents.extract_limits import MAX_PAGES
from intake.documents.read_document import DocumentReaders
from intake.documents.refusals import DocumentRefused
from tests.security.attempts import attempts_of
from tests.security.measured import Meter
from tests.unit.documents import files
from tests.unit.documents.children import MOST_CHILD, PATIENT, most_children

SMALL = 64 * 1024
"""No body up to this size is refused for its length."""
MOST_MEMORY, MOST_BLOCK, MOST_ANSWER = 50, 100, 1_000_000
TRIES = 3
"""What is too dear is measured again: a neighbor who empties the processor's caches makes the same work dearer."""
ROLES = ["student", "adviser", "director", "compliance", "operations", "registrar", "handshake"]
KNOWN = {"request_id": "r1", "kind": "offer_letter"}
SLOW = 10
PAGE = Path("docs/security.md")
WRITE = os.environ.get("CPT_WRITE_ATTEMPTS") == "1"


class _One(dict):
    def __missing__(self, _):
        return "1"


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
            for _ in range(TRIES):
                await client.get("/openapi.json")
                before = await running.cost()
                status, size = await _answer(client, attempt, headers)
                after = await running.cost()
                row = (attempt, status, after["peak"] - before["peak"], after["block"], size)
                if not (over := _too_dear(*row[1:])):
                    break
            rows.append(row)
            if over:
                dear.append((attempt.method, attempt.path, attempt.what, *row[1:]))
    if WRITE:
        _write(service, rows)

    assert len(rows) >= 5
    assert not dear, "\n".join(map(str, dear))


def _too_dear(status, memory, block, answer):
    return memory > MOST_MEMORY or block > MOST_BLOCK or answer > MOST_ANSWER or status >= 500


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


@pytest.mark.parametrize("bomb", files.BOMBS)
async def test_no_bomb_costs_more_than_the_reader_may_have(bomb):
    """Through the very child that reads what students upload: its memory, and what the process before it does meanwhile.

    One try, one bound of computing for reading and one for drawing, whatever it does; and the next document is read.
    """
    content, meter = files.BOMBS[bomb](), Meter()
    watching = asyncio.create_task(meter.watch())
    with most_children() as most:
        async with DocumentReaders(cpu_seconds=2, seconds=PATIENT) as readers:
            answer = "read"
            try:
                await readers.read(content, "application/pdf")
            except DocumentRefused as refused:
                answer = f"refused: {refused.code}"
            pictures = await readers.draw(content)
            assert isinstance(pictures, list)
            assert (await readers.read(files.letter(), "application/pdf")).pages == 1
            meter.block, block = 0.0, meter.block * 1000
    watching.cancel()
    if WRITE:
        size = f"{len(content) / 1024:,.1f} KiB"
        drawn = f"{len(pictures)} drawn" if pictures else "not drawn"
        _keep("bombs", bomb, [f"| {bomb} | {size} | {answer}; {drawn} | {most.memory:.0f} MiB | {block:.0f} ms |"])

    assert most.memory <= MOST_CHILD
    assert block <= MOST_BLOCK


async def test_what_is_sent_at_the_same_moment_has_one_effect(measured, campus):
    """Case 43, and the quotas of docs/security.md: by twenty connections at once."""
    running, rows = await measured("intake"), []
    async with httpx2.AsyncClient(base_url=running.url, timeout=60, limits=httpx2.Limits(max_connections=20)) as client:
        for what, sub, key in (
            ("one form with one key", "30900001", "{0}"),
            ("forms with keys of their own", "30900002", "{1}"),
        ):
            who = await _bearer(client, campus, sub)
            await running.cost()
            sent = [
                client.post("/api/requests", json={}, headers=who | {"Idempotency-Key": key.format("same", number)})
                for number in range(25)
            ]
            answers = await asyncio.gather(*sent)
            rows.append((what, 25, answers, await running.cost()))
        own = rows[0][2][0].json()["request_id"]
        who = await _bearer(client, campus, "30900001")
        await running.cost()
        ends = [client.post(f"/api/requests/{own}/withdraw", headers=who) for _ in range(20)]
        rows.append(("one request withdrawn", 20, await asyncio.gather(*ends), await running.cost()))
        history = (await client.get(f"/api/requests/{own}", headers=who)).json()["history"]
        rows.append(await _uploads(client, campus, running))
    if WRITE:
        lines = [
            f"| {what} | {count} | {_counted(answers)} | {cost['peak']:.0f} MiB | {cost['block']:.0f} ms |"
            for what, count, answers, cost in rows
        ]
        _keep("races", "", lines)

    assert {answer.json()["request_id"] for answer in rows[0][2]} == {own}
    assert Counter(answer.status_code for answer in rows[1][2]) == {201: 20, 409: 5}
    *slow, last = rows[3][2]
    told_to_come_back = [answer for answer in slow if answer.status_code == 503]
    assert {answer.headers["retry-after"] for answer in told_to_come_back} == {"5"}
    # how many depends on how fast they come: unit/documents/test_turns.py counts, and holds the order
    assert told_to_come_back
    assert last.status_code == 200
    assert sum("withdr" in line["what"].lower() for line in history) == 1
    assert max(cost["block"] for *_, cost in rows) <= MOST_BLOCK


async def _uploads(client, campus, running):
    """The longest letter that is read: ten times by one student, and by another who comes last and is not refused for them."""
    letter, sent = files.pdf(MAX_PAGES, "Dear Wei, we are glad to offer you the position of Data Intern. " * 12), []
    for sub, times in (("30900010", SLOW), ("30900011", 1)):
        who = await _bearer(client, campus, sub)
        made = await client.post("/api/requests", json={}, headers=who | {"Idempotency-Key": "one"})
        path = f"/api/requests/{made.json()['request_id']}/documents/offer_letter"
        sent += [(path, who | {"content-type": "application/pdf"})] * times
    await running.cost()
    answers = await asyncio.gather(*(client.put(path, content=letter, headers=headers) for path, headers in sent))
    return "long letters of one student, and one of another", SLOW + 1, answers, await running.cost()


async def _bearer(client, campus, sub):
    got = await client.post(f"{campus.url}/demo/token", json={"sub": sub, "roles": ["student"]})
    return {"authorization": f"Bearer {got.json()['access_token']}"}


def _counted(answers):
    return ", ".join(f"{count} × {status}" for status, count in sorted(Counter(a.status_code for a in answers).items()))


def _write(service, rows):
    """The dearest of each kind."""
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
    _keep("bodies", service, lines)


def _keep(table, of, lines):
    """In place of the lines that begin with `of`, or of all; between the two marks of the page."""
    page = PAGE.read_text("utf-8")
    head, mark, rest = page.partition(f"<!-- attempts: {table} -->\n")
    assert mark
    old, end, tail = rest.partition("<!-- end -->")
    dated, _, *body = old.splitlines()
    dated = f"Measured on {datetime.now(UTC):%Y-%m-%d}."
    kept = [*body[:2], *(line for line in body[2:] if of and not line.startswith(f"| {of} |"))]
    PAGE.write_text(head + mark + "\n".join([dated, "", *kept, *lines]) + "\n" + end + tail, "utf-8")
