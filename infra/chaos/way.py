"""The way between one process and one server, which can lose what goes in one direction, or in both.

What is lost on a network is sent again by TCP, so it arrives late and in order when the way is whole again; until then
whoever waits for it hears nothing. A new connection is taken and stays silent.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["there", "back"]
BOTH: tuple[Direction, ...] = ("there", "back")
BYTES = 65_536


@dataclass
class Way:
    """Listens on `port` of this machine."""

    port: int
    _open: dict[Direction, asyncio.Event] = field(default_factory=lambda: {name: asyncio.Event() for name in BOTH})

    def __post_init__(self) -> None:
        for event in self._open.values():
            event.set()

    @contextmanager
    def lost(self, *directions: Direction) -> Iterator[None]:
        """`there`: what the process says; `back`: what the server answers."""
        for name in directions:
            self._open[name].clear()
        try:
            yield
        finally:
            for name in directions:
                self._open[name].set()

    async def carry(self, direction: Direction, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(BYTES):
                await self._open[direction].wait()
                target.write(data)
                await target.drain()
        target.close()


@asynccontextmanager
async def a_way(host: str, port: int, listen: int = 0) -> AsyncIterator[Way]:
    """To `host:port`; ends with every connection on it."""
    running: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(me := asyncio.current_task())  # type: ignore[arg-type]
        try:
            await _both_directions(way, (reader, writer), host, port)
        except OSError:
            writer.close()
        finally:
            running.discard(me)

    server = await asyncio.start_server(connected, "127.0.0.1", listen)
    way = Way(server.sockets[0].getsockname()[1])
    try:
        yield way
    finally:
        server.close()
        for task in [*running]:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _both_directions(
    way: Way, near: tuple[asyncio.StreamReader, asyncio.StreamWriter], host: str, port: int
) -> None:
    far_reader, far_writer = await asyncio.open_connection(host, port)
    async with asyncio.TaskGroup() as group:
        group.create_task(way.carry("there", near[0], far_writer))
        group.create_task(way.carry("back", far_reader, near[1]))
