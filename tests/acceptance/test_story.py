"""The main job on the whole stack with every process killed on the way; undisturbed it opens the browser's tests."""

import asyncio
import os
import signal
from functools import partial

from infra.demo.office import eventually
from infra.demo.story import Story
from infra.devstack.run_folder import RunFolder


async def test_the_story_ends_the_same_when_every_process_is_killed_once(office, timeline, stack, tmp_path):
    """Promises 1, 3, 5, 6, 9, 10, 13: the stack restarts what dies, and nothing is lost or doubled."""
    run = RunFolder(tmp_path / "run")
    killed = []

    async def kill_one_after_the_other():
        for name in stack["processes"]:
            if name == "campus":
                continue  # it keeps SPIRE's rows in memory: outside of the product
            pid = run.stack()["processes"][name]
            os.kill(pid, signal.SIGKILL)
            killed.append(name)
            await eventually(f"the restart of {name}", partial(restarted, name, pid))

    async def restarted(name, old):
        return run.stack()["processes"][name] != old

    killer = asyncio.create_task(kill_one_after_the_other())
    await Story(office, timeline).play()
    await killer
    assert len(killed) == 8
