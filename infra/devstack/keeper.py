"""Keeps programs running: starts them side by side, and starts one again that died or hangs."""

import asyncio
import contextlib
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from infra.devstack.child import Program, launch, stop, until_ready

LOOK_EVERY = 5.0
PATIENCE = 6  # failed looks in a row; half a minute, since a busy machine is slow without being ill
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 0.5, 30.0, 60.0
START_SECONDS = 180.0

Report = Callable[[str, int], None]


@asynccontextmanager
async def kept(programs: Iterable[Program], report: Report, grace: float = 15) -> AsyncIterator[None]:
    """All are ready inside the block; `report` gets name and pid at every start. Raises StartError in a group."""
    keepers = [Keeper(program, report) for program in programs]
    try:
        async with asyncio.TaskGroup() as starts:
            for keeper in keepers:
                starts.create_task(keeper.start())
        watches = [asyncio.create_task(keeper.watch()) for keeper in keepers]
        try:
            yield
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
    finally:
        await asyncio.gather(*(keeper.stop(grace) for keeper in keepers))


@dataclass
class Keeper:
    program: Program
    report: Report
    process: Process | None = field(default=None, init=False)
    was_well: bool = field(default=False, init=False)
    """Since its start; before that a busy machine is given more time."""

    async def start(self) -> None:
        await until_ready(self.program, await self._launch(), START_SECONDS)
        self.was_well = True

    async def watch(self) -> None:
        pause = FIRST_PAUSE
        while self.process:
            began = time.monotonic()
            illness = await self._illness(self.process)
            pause = FIRST_PAUSE if time.monotonic() - began > HEALTHY_AFTER else min(2 * pause, LONGEST_PAUSE)
            print(f"{self.program.name} {illness}: starts again in {pause:g} s", flush=True)
            await stop(self.process, self.program.farewell, grace=5)
            await asyncio.sleep(pause)
            await self._launch()

    async def stop(self, grace: float) -> None:
        if self.process:
            await stop(self.process, self.program.farewell, grace)

    async def _launch(self) -> Process:
        self.process, self.was_well = await launch(self.program), False
        self.report(self.program.name, self.process.pid)
        return self.process

    async def _illness(self, process: Process) -> str:
        failures = 0
        while failures < (PATIENCE if self.was_well else START_SECONDS / LOOK_EVERY):
            with contextlib.suppress(TimeoutError):
                return f"ended with {await asyncio.wait_for(process.wait(), LOOK_EVERY)}"
            if await self.program.alive():
                failures, self.was_well = 0, True
            else:
                failures += 1
        return f"failed {failures} checks in a row"
