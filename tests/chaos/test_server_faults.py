"""The faults that hurt a whole PostgreSQL do what they say and leave nothing behind: on a server of the test's own."""

import asyncio
import random
from types import SimpleNamespace

import asyncpg
import pytest

from infra.chaos.faults.servers import deadlocks, lock_waits, read_only
from infra.chaos.faults.world import World
from infra.devstack.child import running
from infra.devstack.databases import SERVICES
from infra.devstack.postgres import postgres
from tests.integration.conftest import until


@pytest.fixture
async def hurt(tmp_path):
    """The world as the faults see it, and a session that was open before."""
    async with postgres(tmp_path / "postgres", tmp_path / "log", durable=False) as (program, address), running(program):
        session = await asyncpg.connect(address)
        for service in SERVICES:
            await session.execute(f"CREATE SCHEMA {service}")
            await session.execute(f"CREATE TABLE {service}.outbox (); CREATE TABLE {service}.inbox ()")
            await session.execute(f"CREATE TABLE {service}.progress ()")
        run = SimpleNamespace(stack=lambda: {"postgres": address})
        yield World(run, None, random.Random(1), tmp_path, None, brief=True), session
        await session.close()


async def refused(session):
    try:
        await session.execute("INSERT INTO review.outbox DEFAULT VALUES")
    except asyncpg.ReadOnlySQLTransactionError:
        return True
    return False


async def test_sessions_go_on_and_no_write_is_taken_until_it_is_over(hurt):
    world, session = hurt
    fault = asyncio.create_task(read_only(world))

    async def begun():
        return await refused(session)

    await until(begun)
    await fault

    async def over():
        return not await refused(session)

    await until(over)


async def test_whoever_writes_waits_for_the_lock_and_goes_on(hurt):
    world, session = hurt
    fault = asyncio.create_task(lock_waits(world))

    async def waits():
        try:
            await session.execute("SET lock_timeout = '50ms'")
            await session.execute("INSERT INTO review.outbox DEFAULT VALUES")
        except asyncpg.LockNotAvailableError:
            return True
        return False

    await until(waits)
    await fault
    assert not await waits()


async def test_whoever_takes_the_locks_in_the_other_order_is_ended_and_not_the_fault(hurt):
    world, session = hurt
    await session.execute("BEGIN; INSERT INTO review.progress DEFAULT VALUES; SET LOCAL deadlock_timeout = '1ms'")
    fault = asyncio.create_task(deadlocks(world))

    async def waits_for_us():
        other = await asyncpg.connect(world.stack["postgres"])
        try:
            return await other.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        finally:
            await other.close()

    await until(waits_for_us)
    with pytest.raises(asyncpg.DeadlockDetectedError):
        await session.execute("INSERT INTO review.inbox DEFAULT VALUES")
    await session.execute("ROLLBACK")
    await fault
