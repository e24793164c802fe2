"""A second worker of a service joins its group and leaves it, in order or not: the partitions move, and move back."""

import asyncio
import sys
from functools import partial
from pathlib import Path

from infra.chaos.faults.world import PROCESSES, Fault, NotHere, World
from infra.devstack.child import Program, running
from infra.devstack.ports import free_port
from infra.devstack.probe import answers
from infra.devstack.run_folder import ROOT

TOGETHER = 8.0


def replica_faults() -> list[Fault]:
    return [Fault("second_replica", name, partial(join, name)) for name in PROCESSES if name.endswith("worker")]


async def join(name: str, world: World) -> None:
    """With the settings of the first, at a port of its own."""
    if not (pid := world.pid(name)):
        raise NotHere(f"{name} is not a process of this stack")
    port, service = free_port(), name.removesuffix("-worker").replace("-", "_")
    second = Program(
        f"{name}-2",
        (sys.executable, "-m", service, "worker"),
        folder=ROOT,
        log=world.run.logs / f"{name}-2.log",
        ready=partial(answers, port, "/readyz"),
        env={**_environment(pid), "CPT_HTTP__PORT": str(port)},
    )
    async with running(second):
        await asyncio.sleep(world.seconds(TOGETHER))


def _environment(pid: int) -> dict[str, str]:
    words = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(word.split("=", 1) for word in words if "=" in word)
