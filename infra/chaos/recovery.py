"""`python -m infra.chaos.recovery`: each kind of fault once on a calm stack, and how long full work takes to return."""

import argparse
import asyncio
import os
import random
import signal
import sys
from itertools import islice
from pathlib import Path

import httpx2

from infra.chaos.attack import bring
from infra.chaos.client_log import ClientLog
from infra.chaos.faults.catalog import catalog, named
from infra.chaos.faults.world import Fault, World
from infra.chaos.player.client import Client
from infra.chaos.pulse import Pulse
from infra.chaos.report import Happened
from infra.chaos.stack import ChaosStack, a_stack
from infra.devstack.run_folder import RunFolder

HUNG = "review-worker"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.chaos.recovery", description=__doc__)
    parser.add_argument("--folder", type=Path, default=RunFolder().path / "recovery")
    parser.add_argument("--kind", action="append", default=[], help="only these kinds")
    parser.add_argument("--fault", action="append", default=[], help="`kind target`: only these, in this order")
    words = parser.parse_args()
    folder = words.folder.resolve()
    with a_stack(folder) as stack:
        happened = asyncio.run(measure(stack, folder, _chosen(words.fault) or single_faults(words.kind)))
    print(f"\nload {os.getloadavg()[0]:.0f}\n| fault | lasts | full work again after |\n| --- | --- | --- |")
    for fault in happened:
        recovery = f"{fault.recovery:.1f} s" if fault.recovery is not None else fault.skipped or "not in 90 s"
        print(f"| {fault.kind} of {fault.target} | {fault.lasted:.1f} s | {recovery} |")
    return 0


def single_faults(kinds: list[str]) -> list[Fault]:
    """One of each kind, but every process for the kill."""
    wanted = {f"{f.kind} {f.target}" if f.kind == "kill" else f.kind: f for f in reversed(catalog())}
    faults = [*reversed(wanted.values()), Fault("hang", HUNG, hang)]
    return [fault for fault in faults if not kinds or fault.kind in kinds]


def _chosen(names: list[str]) -> list[Fault]:
    return list(islice(named(names), len(names)))


async def hang(world: World) -> None:
    """A process that does nothing any more, until its supervisor finds out and replaces it."""
    old = world.signal(HUNG, signal.SIGSTOP)
    await world.restarted(HUNG, old, patience=150)


async def measure(stack: ChaosStack, folder: Path, faults: list[Fault]) -> list[Happened]:
    happened: list[Happened] = []
    chance = random.Random(1)  # noqa: S311 replayable
    async with httpx2.AsyncClient() as http:
        log = ClientLog(folder / "client.jsonl")
        client = Client(stack.run.stack() or {}, http, log, chance, stack.offset)
        world, pulse = World(stack.run, client, chance, folder / "crashes", stack.disk), Pulse(client)
        print(f"an undisturbed beat takes {await pulse.beat(60)} s", flush=True)
        for fault in faults:
            happened += await bring(world, [fault], pulse, lambda words: print(words, flush=True))
            await asyncio.sleep(3)
    return happened


if __name__ == "__main__":
    sys.exit(main())
