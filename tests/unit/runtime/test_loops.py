"""What a loop waits for between two steps."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from cpt.runtime.loops import Loop
from infra.devstack.patience import stretched


@asynccontextmanager
async def running(loop):
    """In its first pause inside the block."""
    stopping = asyncio.Event()
    task = asyncio.create_task(loop.run(stopping))
    await until(lambda: loop.ran or loop.failing)
    yield
    stopping.set()
    loop.wake()
    async with asyncio.timeout(stretched(5)):
        await task


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 the loop tells nobody when it pauses
            await asyncio.sleep(0.01)


def counting(error=None):
    steps = []

    async def step():
        steps.append(1)
        if error:
            raise error
        return 0

    return steps, step


async def test_an_idle_loop_that_is_nudged_does_not_wait_out_its_pause():
    """P32: what committed in this process leaves at once."""
    steps, step = counting()
    loop = Loop("relay", step, idle=60)
    async with running(loop):
        loop.wake()
        await until(lambda: len(steps) == 2)


async def test_a_failing_loop_waits_out_its_pause_although_it_is_nudged():
    steps, step = counting(OSError())
    loop = Loop("relay", step, idle=60)
    async with running(loop):
        loop.wake()
        await asyncio.sleep(0.1)
        assert len(steps) == 1


@pytest.mark.parametrize("done", [0, 3])
async def test_a_step_that_did_something_is_followed_by_what_comes_then(done):
    told, left = [], [done]

    async def step():
        return left.pop() if left else 0

    async with running(Loop("check_enrollment", step, idle=60, then=lambda: told.append(1))):
        pass

    assert len(told) == bool(done)


async def test_a_step_that_waits_for_ever_is_ended_before_its_loop_counts_as_stuck():
    """P37: a server that is away must not look as if a restart would help."""
    begun = []

    async def hang():
        begun.append(1)
        await asyncio.Event().wait()
        return 0

    loop = Loop("relay", hang, idle=0.01, patience=2)
    async with running(loop):
        await until(lambda: len(begun) > 1)
        assert loop.failing
        assert not loop.stuck()
