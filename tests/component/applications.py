"""One web application of a service for all tests of a session: to build one costs more than most tests do."""

import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from fastapi import FastAPI

from cpt.postgres import Database
from cpt.web.limits import Rate

Clock = Callable[[], datetime]


def real_time() -> datetime:
    return datetime.now(UTC)


@dataclass
class Applications:
    """Lends them to one test at a time. Those of other settings, the database's aside, are others."""

    _life: AsyncExitStack = field(default_factory=AsyncExitStack)
    _made: list["_Application"] = field(default_factory=list)

    @asynccontextmanager
    async def lent(self, build: Callable[..., FastAPI], settings: Any, clock: Clock = real_time):
        """The application on the database of `settings`, at the time of `clock`, as if nobody had asked it before."""
        rest = {name: value for name, value in settings.model_dump().items() if name != "postgres"}
        made = next((made for made in self._made if (made.build, made.rest) == (build, rest)), None)
        if made is None:
            self._made.append(made := _Application(build, rest, settings))
            await self._life.enter_async_context(made.app.router.lifespan_context(made.app))
        async with made.on(settings.postgres, clock):
            yield made.app

    async def close(self) -> None:
        await self._life.aclose()


class _Application:
    def __init__(self, build: Callable[..., FastAPI], rest: dict[str, Any], settings: Any) -> None:
        self.build, self.rest, self._clock, opened = build, rest, real_time, []
        self._rates: list[Rate] = []  # all that an application remembers of who asked

        def database(*words: Any) -> Database:
            opened.append(Database(*words))
            return opened[-1]

        def refill(rate: Rate, *words: Any) -> None:
            begin(rate, *words)
            self._rates.append(rate)

        begin = Rate.__init__
        with (
            mock.patch.object(sys.modules[build.__module__], "Database", database),
            mock.patch.object(Rate, "__init__", refill),
        ):
            self.app = build(settings, clock=self._now)
        (self._database,) = opened

    def _now(self) -> datetime:
        return self._clock()

    @asynccontextmanager
    async def on(self, postgres: Any, clock: Clock):
        await self._database.close()
        self._clock, self._database._settings = clock, postgres
        for rate in self._rates:
            rate._levels.clear()
        await self._database.open()
        try:
            yield
        finally:
            await self._database.close()
