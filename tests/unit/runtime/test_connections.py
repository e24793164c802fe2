"""A connection that says nothing, or one byte now and then, ends; so does one that never reads its answer."""

import asyncio
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from uvicorn.importer import import_from_string

from cpt.runtime.connections import BoundedProtocol, served_beside
from cpt.runtime.main import serving
from cpt.runtime.probes import probe_routes
from cpt.runtime.settings import HttpSettings
from infra.devstack.ports import free_port
from tests.unit.web.serving import served

PATIENT = 120


class Hasty(BoundedProtocol):
    request_seconds = read_seconds = 1.0  # a machine that stands still for as long would be taken for a silent client


async def hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def late(_: Request) -> PlainTextResponse:
    await asyncio.sleep(1.5 * Hasty.request_seconds)  # an answer that takes its time, on purpose
    return PlainTextResponse("late")


ended = asyncio.Event()


async def endless(_: Request) -> StreamingResponse:
    async def zeros():
        try:
            while True:
                yield bytes(65536)
                await asyncio.sleep(0)
        finally:
            ended.set()

    return StreamingResponse(zeros())


@pytest.fixture
async def address():
    routes = [Route("/", hello, methods=["GET", "POST"]), Route("/late", late), Route("/endless", endless)]
    async with served(lambda _: Starlette(routes=routes), http=Hasty) as url:
        yield url.removeprefix("http://").split(":")


@asynccontextmanager
async def connected(address):
    reader, writer = await asyncio.open_connection(*address)
    yield reader, writer
    writer.close()


async def closed(reader, writer, drip=b""):
    """What came before the server closed; `drip` is sent again and again meanwhile."""

    async def dripping():
        while drip:
            writer.write(drip)
            await asyncio.sleep(Hasty.request_seconds / 6)

    task = asyncio.create_task(dripping())
    try:
        async with asyncio.timeout(PATIENT):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        task.cancel()


@pytest.mark.parametrize(
    ("begin", "drip"), [(b"", b""), (b"GET / HTTP/1.1\r\n", b""), (b"GET / HTTP/1.1\r\nX-A: ", b"a")]
)
async def test_a_connection_without_a_whole_request_is_closed(address, begin, drip):
    """Four hundred of them stood after 30 seconds; a byte now and then does not help."""
    async with connected(address) as (reader, writer):
        writer.write(begin)

        assert await closed(reader, writer, drip) == b""


async def test_a_connection_is_closed_when_nothing_whole_follows_its_answer(address):
    """Also where the rest of a refused body drips in for ever."""
    async with connected(address) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")

        assert (await closed(reader, writer, b"x")).startswith(b"HTTP/1.1 200")


async def test_an_answer_that_takes_its_time_is_waited_for_and_the_connection_used_again(address):
    async with connected(address) as (reader, writer):
        for path in (b"/late", b"/"):
            writer.write(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            await reader.readexactly(4 if path == b"/late" else 5)


async def test_who_does_not_read_the_answer_is_left(address):
    async with connected(address) as (_, writer):
        writer.write(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        writer.transport.pause_reading()

        async with asyncio.timeout(PATIENT):
            await ended.wait()


def test_every_process_serves_with_these_bounds():
    assert import_from_string(serving(HttpSettings())["http"]) is BoundedProtocol
    assert 5 <= BoundedProtocol.request_seconds <= 15


async def test_probes_answer_on_a_port_of_their_own_for_as_long_as_the_process_runs():
    """ASVS 13.4.5."""
    port = free_port()
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async with served_beside(probe_routes({}, {}), "127.0.0.1", port):
            answers = [await _answer(client, path) for path in ("/livez", "/readyz", "/metrics", "/")]
        assert answers == [200, 200, 200, 404]
        with pytest.raises(httpx2.TransportError):
            await client.get("/livez")


async def _answer(client, path):
    async with asyncio.timeout(PATIENT):
        while True:
            try:
                return (await client.get(path)).status_code
            except httpx2.ConnectError:
                await asyncio.sleep(0.01)
