"""How fast one person or one address may ask."""

import time
from collections.abc import Callable, Collection

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cpt.web.problems import overload, problem_response

_MANY_KEYS = 10_000


class Rate:
    """A token bucket per key, in the memory of this process; it holds twice what one second refills."""

    def __init__(self, per_second: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._room = max(1.0, 2 * per_second)
        self._monotonic = monotonic
        self._levels: dict[str, tuple[float, float]] = {}  # tokens left, and when

    def take(self, key: str) -> float:
        """Takes one token and returns 0, or returns the seconds until there is one."""
        now = self._monotonic()
        level = self._level(key, now)
        if level < 1:
            return (1 - level) / self._per_second
        if len(self._levels) > _MANY_KEYS:
            self._forget_idle(now)
        self._levels[key] = (level - 1, now)
        return 0

    def _level(self, key: str, now: float) -> float:
        level, then = self._levels.get(key, (self._room, now))
        return min(self._room, level + (now - then) * self._per_second)

    def _forget_idle(self, now: float) -> None:
        self._levels = {key: at for key, at in self._levels.items() if self._level(key, now) < self._room}


class AddressLimit:
    """Middleware: 429 to an address in too much of a hurry; probes are never refused."""

    def __init__(self, app: ASGIApp, rate: Rate, unlimited: Collection[str]) -> None:
        self._app = app
        self._rate = rate
        self._unlimited = unlimited

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in self._unlimited:
            address = scope["client"][0] if scope.get("client") else ""
            if wait := self._rate.take(address):
                await problem_response(Request(scope), overload(429, wait))(scope, receive, send)
                return
        await self._app(scope, receive, send)
