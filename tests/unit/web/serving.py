"""Serves an ASGI app on loopback for as long as a test needs it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp


@asynccontextmanager
async def served(make_app: Callable[[str], ASGIApp], **options: Any) -> AsyncIterator[str]:
    """`make_app` is told the address first, since issuers and redirects name it; `options` are the server's."""
    # asyncio switches Nagle's delay off only where the protocol is named
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(make_app(address), **{"log_config": None, "server_header": False, **options})
        )
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield address
        finally:
            server.should_exit = True
            await running
