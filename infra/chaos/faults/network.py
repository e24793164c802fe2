"""The network between one process and PostgreSQL loses what goes there, what comes back, or both."""

import asyncio
import json
import signal
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from infra.chaos.faults.world import PROCESSES, Fault, World
from infra.chaos.way import BOTH, Direction, a_way

LOST = 8.0
LOSSES: dict[str, tuple[Direction, ...]] = {"cut_off": BOTH, "unheard": ("there",), "deaf": ("back",)}


def network_faults() -> list[Fault]:
    return [
        Fault(f"postgres_{kind}", name, partial(lose, name, directions))
        for kind, directions in LOSSES.items()
        for name in PROCESSES
    ]


async def lose(name: str, directions: tuple[Direction, ...], world: World) -> None:
    """The process comes back with a way of its own, which is hurt, and leaves it again."""
    service, _, kind = name.rpartition("-")
    secrets = json.loads((world.run.path / "secrets").read_text())
    parts = urlsplit(secrets[f"{service.replace('-', '_')} database, {kind}"])
    async with a_way(parts.hostname or "127.0.0.1", parts.port or 5432) as way:
        there = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{way.port}")
        await _come_back(name, world, CPT_POSTGRES__DSN=urlunsplit(there))
        with way.lost(*directions):
            await asyncio.sleep(world.seconds(LOST))
        await asyncio.sleep(world.seconds(3))
        await _come_back(name, world)


async def _come_back(name: str, world: World, **variables: str) -> None:
    world.override(name, **variables)
    old = world.signal(name, signal.SIGTERM)
    await world.restarted(name, old)
