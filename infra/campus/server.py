"""Serves the campus: as a process of its own, or inside a test."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from infra.campus.app import build_app
from infra.campus.settings import HOST, Settings


class _GuestServer(uvicorn.Server):
    """Leaves the signals to the program it is a guest in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(settings: Settings) -> None:
    """Serve until a signal comes."""
    uvicorn.Server(_config(settings, build_app(settings))).run()


@asynccontextmanager
async def running_campus(settings: Settings, *, await_kafka: bool = True) -> AsyncIterator[Settings]:
    """A campus inside this event loop, with free ports where the settings say 0; gives the settings it runs with."""
    async with running_app(settings, await_kafka=await_kafka) as app:
        yield app.state.campus.settings


@asynccontextmanager
async def running_app(settings: Settings, *, await_kafka: bool = True) -> AsyncIterator[FastAPI]:
    """The same, and gives the application, whose `state.campus` may be replaced by another one."""
    settings = settings.model_copy(
        update={"port": settings.port or free_port(), "smtp_port": settings.smtp_port or free_port()}
    )
    app = build_app(settings)
    server = _GuestServer(_config(settings, app))
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.wait([task], timeout=0.01)
            if task.done():
                task.result()
                raise RuntimeError("the campus did not start")
        if settings.kafka and await_kafka:
            await app.state.campus.emitter.connected.wait()
        yield app
    finally:
        server.should_exit = True
        with contextlib.suppress(SystemExit):
            await task


def free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def _config(settings: Settings, app: FastAPI) -> uvicorn.Config:
    """No access log: addresses hold EMPLIDs."""
    return uvicorn.Config(
        app,
        host=HOST,
        port=settings.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
