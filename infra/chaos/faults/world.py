"""What faults act on: the processes, servers and campus of one stack."""

import asyncio
import contextlib
import json
import os
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2

from infra.chaos.player.client import Client
from infra.chaos.waiting import until
from infra.devstack.databases import SERVICES
from infra.devstack.run_folder import RunFolder

PROCESSES = tuple(f"{service.replace('_', '-')}-{kind}" for service in SERVICES for kind in ("web", "worker"))


class NotHere(Exception):
    """A fault that could not be brought about; the text says why."""


@dataclass(frozen=True, slots=True)
class World:
    """`crashes`: the folder that arms crash points; `disk`: the folder of the document store when it can be filled;
    `brief`: shorter outages, for the smoke run.
    """

    run: RunFolder
    client: Client
    chance: random.Random
    crashes: Path
    disk: Path | None
    brief: bool = False

    @property
    def stack(self) -> Mapping[str, Any]:
        found = self.run.stack()
        assert found is not None
        return found

    def pid(self, name: str) -> int:
        stack = self.stack
        return int({**stack["processes"], **stack["servers"]}.get(name, 0))

    def seconds(self, usual: float) -> float:
        return usual / 5 if self.brief else usual

    def signal(self, name: str, number: signal.Signals) -> int:
        """Its pid. Raises `NotHere` for a server that somebody else runs."""
        pid = self.pid(name)
        if not pid:
            raise NotHere(f"{name} is not a process of this stack")
        os.kill(pid, number)
        return pid

    async def restarted(self, name: str, old: int, patience: float = 60.0) -> None:
        await self.until(lambda: self.pid(name) != old, patience)

    async def until(self, done: Callable[[], bool], patience: float) -> bool:
        async def ask() -> bool:
            return done()

        return await until(ask, pause=0.05, patience=patience)

    async def campus_fault(self, **modes: str) -> None:
        body = {part: {"mode": mode} for part, mode in modes.items()}
        async with httpx2.AsyncClient(timeout=10) as http:
            (await http.put(f"{self.stack['campus']}/demo/faults", json=body)).raise_for_status()

    async def send_events(self, events: list[Mapping[str, Any]]) -> None:
        async with httpx2.AsyncClient(timeout=20) as http:
            await http.post(f"{self.stack['campus']}/demo/events", json=events)

    async def sql(self, *statements: str) -> "list[asyncpg.Record]":
        """The rows of the last one; waits for a server that another fault has just taken away."""
        connection = await self._connected()
        rows: list[asyncpg.Record] = []
        try:
            for statement in statements:
                rows = await connection.fetch(statement)
            return rows
        finally:
            await connection.close()

    async def _connected(self) -> "asyncpg.Connection[asyncpg.Record]":
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(OSError, asyncpg.PostgresError):
                    return await asyncpg.connect(self.stack["postgres"], timeout=10)
                await asyncio.sleep(0.2)

    def override(self, name: str, **variables: str) -> None:
        """Variables of a process from its next start on."""
        folder = self.run.path / "overrides"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(variables))


@dataclass(frozen=True, slots=True)
class Fault:
    """`act` ends when the fault itself is over; what follows is recovery."""

    kind: str
    target: str
    act: Callable[[World], Awaitable[None]]
