"""How long a connection may stand without a request, and an answer without being read; and the probes' own port.

Bodies have their own bounds (cpt.web.bodies). Without these, whoever opens connections and says nothing, or one byte now
and then, keeps them for ever.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10.0
"""From the moment a connection is free to the last byte of the head of its next request."""
READ_SECONDS = 60.0
"""In which a client must take some 48 KiB of an answer; the server buffers no more than 64."""


class BoundedProtocol(H11Protocol):
    """The server's protocol; a connection that takes too long is closed without an answer, for it has asked nothing yet."""

    request_seconds, read_seconds = REQUEST_SECONDS, READ_SECONDS
    _awaited: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._awaited, self._unread = _cancelled(self._awaited), _cancelled(self._unread)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.read_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._unread = _cancelled(self._unread)
        super().resume_writing()

    def _watch(self) -> None:
        """The bound runs on from the moment nothing is under way, however many bytes come."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._awaited = _cancelled(self._awaited)
        elif self._awaited is None and not self.transport.is_closing():
            self._awaited = self.loop.call_later(self.request_seconds, self.transport.close)


def _cancelled(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    if timer is not None:
        timer.cancel()
    return None


class _BesideServer(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the main server's."""
        yield


@asynccontextmanager
async def served_beside(routes: Sequence[Route], host: str, port: int) -> AsyncIterator[None]:
    """Answers on a port of its own for as long as the context lasts; a port of 0 serves nothing."""
    if not port:
        yield
        return
    config = uvicorn.Config(
        Starlette(routes=list(routes)),
        host=host,
        port=port,
        http=BoundedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _BesideServer(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
