"""Waits for a condition that only asking can tell."""

import asyncio
from collections.abc import Awaitable, Callable

from infra.devstack.patience import stretched


async def until(ask: Callable[[], Awaitable[object]], *, pause: float, patience: float = float("inf")) -> bool:
    """Whether it came true in time, in the seconds of a quiet machine."""
    began = asyncio.get_running_loop().time()
    while not await ask():
        if asyncio.get_running_loop().time() - began > stretched(patience):
            return False
        await asyncio.sleep(pause)
    return True
