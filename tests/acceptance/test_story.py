"""The main job on the whole stack: once undisturbed, and once with every process killed on the way."""

import asyncio
import os
import signal
from functools import partial

from infra.demo.office import eventually
from infra.demo.story import Story
from infra.devstack.run_folder import RunFolder
from tests.acceptance.canary import leaks


async def test_the_story_plays_and_no_log_metric_trace_key_header_or_address_holds_personal_data(
    office, timeline, stack, tmp_path, collector, called
):
    """Six requests in order, emails only after the I-20; a lecture dropped is nothing (case 72), the named course an alert that names what is left (case 71).

    Then the names, addresses, EMPLIDs, SEVIS ids and employers of the story are searched for where nobody may find them.
    """
    await Story(office, timeline).play()

    assert await leaks(stack, tmp_path / "run" / "logs", collector, called) == []


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
