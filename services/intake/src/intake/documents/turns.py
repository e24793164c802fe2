"""Few places for many: one for a person at a time, and those who wait take turns by person."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .refusals import DocumentsUnavailableError

WAITING, WAITING_OF_ONE = 32, 4
_SECONDS = 60.0


class Turns:
    """Whoever finds too many waiting, of others or of themselves, is asked to come back."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._served: set[str] = set()
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        """Raises DocumentsUnavailableError."""
        await self._wait(person)
        try:
            yield
        finally:
            self._free += 1
            self._served.discard(person)
            self._waiting = deque(sorted(self._waiting, key=lambda one: one[0] == person))  # behind the others
            self._call()

    async def _wait(self, person: str) -> None:
        own = sum(1 for waiting, _ in self._waiting if waiting == person)
        if len(self._waiting) >= WAITING or own >= WAITING_OF_ONE:
            raise DocumentsUnavailableError("too many documents wait to be read")
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((person, called))
        self._call()
        try:
            async with asyncio.timeout(_SECONDS):
                await asyncio.shield(called)
        except BaseException as error:
            self._leave(person, called)
            if isinstance(error, TimeoutError):
                raise DocumentsUnavailableError("no turn came in time") from None
            raise

    def _call(self) -> None:
        for one in list(self._waiting):
            person, called = one
            if self._free and person not in self._served:
                self._free -= 1
                self._served.add(person)
                self._waiting.remove(one)
                called.set_result(None)

    def _leave(self, person: str, called: asyncio.Future[None]) -> None:
        """Also of one who was called in the same moment."""
        if called.done():
            self._free += 1
            self._served.discard(person)
            self._call()
        else:
            self._waiting.remove((person, called))
