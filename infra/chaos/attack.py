"""Brings faults until the time is over, and measures after each how long the system needs."""

import asyncio
import time
from collections.abc import Callable, Iterator

from infra.chaos.faults.world import Fault, NotHere, World
from infra.chaos.pulse import Pulse
from infra.chaos.report import Happened

PATIENCE = 90.0
TWO_AT_ONCE = 0.2


async def attack(
    world: World, faults: Iterator[Fault], pulse: Pulse, more: Callable[[int], bool], say: Callable[[str], None]
) -> list[Happened]:
    """One fault after the other, now and then two at once, while `more` says so of how many there were."""
    happened: list[Happened] = []
    while more(len(happened)):
        chosen = [next(faults)]
        if not world.brief and world.chance.random() < TWO_AT_ONCE:
            chosen.append(next(faults))
        happened += await bring(world, chosen, pulse, say)
        await asyncio.sleep(world.chance.uniform(0.5, 3))
    return happened


async def bring(world: World, faults: list[Fault], pulse: Pulse, say: Callable[[str], None]) -> list[Happened]:
    names = " and ".join(f"{fault.kind} of {fault.target}" for fault in faults)
    world.client.log.write("fault", what=names)
    began, at = time.monotonic(), time.time()
    skipped = await asyncio.gather(*(brought(world, fault) for fault in faults))
    lasted = time.monotonic() - began
    recovery = None if all(skipped) or world.brief else await pulse.beat(PATIENCE)
    world.client.log.write("recovered", what=names, seconds=recovery)
    took = f", full work again after {recovery:.1f} s" if recovery is not None else ""
    say(f"{names}: lasted {lasted:.1f} s{took} {' '.join(filter(None, skipped))}".rstrip())
    return [
        Happened(fault.kind, fault.target, round(at, 1), round(lasted, 2), recovery and round(recovery, 2), why)
        for fault, why in zip(faults, skipped, strict=True)
    ]


async def brought(world: World, fault: Fault) -> str:
    """Why it could not be done, "" when it was."""
    try:
        await fault.act(world)
    except NotHere as reason:
        return str(reason)
    except ProcessLookupError:
        return "the process was just being replaced"
    return ""
