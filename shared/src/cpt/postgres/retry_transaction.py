"""Retries a transaction whose connection ended, where no redelivery would repeat it soon."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from cpt.postgres.errors import is_transient

T = TypeVar("T")
SECONDS = 20.0


async def retry_transaction(transaction: Callable[[], Awaitable[T]]) -> T:
    """It may have committed unseen, so its own token or key must make a second time harmless. Raises its last error."""
    now = asyncio.get_running_loop().time
    deadline, pause = now() + SECONDS, 0.1
    while True:
        try:
            return await transaction()
        except Exception as error:
            if not is_transient(error) or now() + pause > deadline:
                raise
        await asyncio.sleep(pause)
        pause *= 2
