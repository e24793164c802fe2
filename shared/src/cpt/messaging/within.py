"""Ends what must end: a client of a server that is away may want to say goodbye for ever."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog

from cpt.messaging.errors import explain

log = structlog.get_logger()


async def within(seconds: float, farewell: Awaitable[Any]) -> bool:
    """Whether it ended by itself in time; what it raises or leaves behind is told, and stops nobody."""
    try:
        async with asyncio.timeout(seconds):
            await farewell
    except Exception as error:  # noqa: BLE001 nothing after a farewell depends on it
        log.warning("stopped_the_hard_way", what=getattr(farewell, "__qualname__", ""), error=explain(error))
        return False
    return True
