"""Bounds the time in which a client is closed: one whose server is away may wait for it without end."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog

from cpt.messaging.errors import explain

log = structlog.get_logger()


async def within(seconds: float, closing: Awaitable[Any]) -> bool:
    """Whether it ended in time; what it raises is logged, not raised."""
    try:
        async with asyncio.timeout(seconds):
            await closing
    except Exception as error:  # noqa: BLE001 nothing after it depends on how it ended
        log.warning("stopped_the_hard_way", what=getattr(closing, "__qualname__", ""), error=explain(error))
        return False
    return True
