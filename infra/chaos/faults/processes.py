"""Processes that die, leave, freeze, end at a named point, or come back with another clock."""

import asyncio
import os
import signal
from functools import partial

from infra.chaos.faults.world import PROCESSES, Fault, NotHere, World

ANY_POINTS = ("before_commit", "after_commit")
WORKER_POINTS = (*ANY_POINTS, "produced", "before_offset_commit")
ARMED_SECONDS = 8.0
UNHEARD_SECONDS = 6.0
JUMPS = (-90.0, 90.0)


def process_faults() -> list[Fault]:
    faults = []
    for name in PROCESSES:
        faults += [
            Fault("kill", name, partial(kill, name)),
            Fault("terminate", name, partial(terminate, name)),
            Fault("freeze", name, partial(freeze, name)),
            *(Fault(f"crash_{point}", name, partial(crash, name, point)) for point in _points(name)),
        ]
        if name.endswith("worker"):  # the tokens of a web process are judged by its clock, and it sends nothing
            faults.append(Fault("clock_jump", name, partial(jump, name)))
            faults.append(Fault("kill_unheard", name, partial(kill_unheard, name)))
    return [*faults, Fault("clocks_apart", "two workers", apart)]


def _points(name: str) -> tuple[str, ...]:
    if name == "notifier-worker":
        return (*WORKER_POINTS, "after_end_of_data")
    return WORKER_POINTS if name.endswith("worker") else ANY_POINTS


async def kill(name: str, world: World) -> None:
    world.signal(name, signal.SIGKILL)


async def kill_unheard(name: str, world: World) -> None:
    """The broker has not answered for a while: whatever the process had still to send dies with it."""
    broker = world.signal("kafka", signal.SIGSTOP)
    try:
        await asyncio.sleep(UNHEARD_SECONDS)
        world.signal(name, signal.SIGKILL)
    finally:
        os.kill(broker, signal.SIGCONT)


async def terminate(name: str, world: World) -> None:
    world.signal(name, signal.SIGTERM)


async def freeze(name: str, world: World) -> None:
    """Thirty seconds: longer than a session, shorter than the patience of the supervisor."""
    pid = world.signal(name, signal.SIGSTOP)
    await asyncio.sleep(world.seconds(30))
    if world.pid(name) == pid:
        os.kill(pid, signal.SIGCONT)


async def crash(name: str, point: str, world: World) -> None:
    """Arms the point and waits until the process has come to it. Raises `NotHere` for one that does nothing."""
    file = world.crashes / f"{name.replace('enrollment-sync', 'enrollment_sync')}.{point}"
    file.touch()
    came = await world.until(lambda: not file.exists(), ARMED_SECONDS)
    file.unlink(missing_ok=True)
    if not came:
        raise NotHere("the process did not come to the point")


async def jump(name: str, world: World) -> None:
    """The process comes back with a clock of its own, and later with the right one."""
    for offset in (world.chance.choice(JUMPS), 0.0):
        await _come_back(name, offset, world)
        await asyncio.sleep(world.seconds(10))


async def apart(world: World) -> None:
    """Of two processes one is behind and one ahead: three minutes lie between what they call now."""
    names = world.chance.sample([name for name in PROCESSES if name.endswith("worker")], 2)
    for offsets in (JUMPS, (0.0, 0.0)):
        await asyncio.gather(*(_come_back(name, offset, world) for name, offset in zip(names, offsets, strict=True)))
        await asyncio.sleep(world.seconds(10))


async def _come_back(name: str, offset: float, world: World) -> None:
    world.override(name, CPT_CLOCK_OFFSET=str(world.client.offset + offset))
    old = world.signal(name, signal.SIGTERM)
    await world.restarted(name, old)
