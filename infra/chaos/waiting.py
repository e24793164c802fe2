"""Waits for a condition that only asking can tell."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(ask: Callable[[], Awaitable[object]], *, pause: float, patience: float = float("inf")) -> bool:
    """Whether it came true in time."""
    deadline = asyncio.get_running_loop().time() + patience
    while not await ask():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(pause)
    return True
