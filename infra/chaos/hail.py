"""Many short faults beside the long ones: what passes within a second or two does not wait for full work again."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator

from infra.chaos.attack import brought
from infra.chaos.faults.catalog import catalog
from infra.chaos.faults.world import Fault, World
from infra.chaos.report import Happened

BESIDE = frozenset(
    {
        "backends_terminated",
        "deadlocks",
        "lock_waits",
        "malformed_events",
        "late_events",
        "unknown_versions",
        "oversized_event",
    }
)
OF_WEB = frozenset({"kill", "terminate"})
"""A worker that is killed this often would never have its partitions."""
PAUSE = (0.5, 2.5)


async def hail(world: World, more: Callable[[], bool]) -> list[Happened]:
    """One every one to three seconds; how long each one's recovery takes is not measured."""
    happened: list[Happened] = []
    faults = _short(world.chance)
    while more():
        fault, began, at = next(faults), time.monotonic(), time.time()
        world.client.log.write("fault", what=f"{fault.kind} of {fault.target}, beside others")
        why = await brought(world, fault)
        happened.append(Happened(fault.kind, fault.target, round(at, 1), round(time.monotonic() - began, 2), None, why))
        await asyncio.sleep(world.chance.uniform(*PAUSE))
    return happened


def _short(chance: random.Random) -> Iterator[Fault]:
    """Every seed has its own order."""
    fitting = [f for f in catalog() if f.kind in BESIDE or (f.kind in OF_WEB and f.target.endswith("web"))]
    while True:
        yield chance.choice(fitting)
