"""The faults of the database reach every process of every service, and leave nothing behind."""

import random
from types import SimpleNamespace

import asyncpg
import pytest

from infra.chaos.faults.servers import nobody_gets_a_connection
from infra.chaos.faults.world import World
from infra.devstack.databases import databases


@pytest.fixture
async def office(postgres, tmp_path):
    """The world as the fault sees it, and everybody's address."""
    async with databases(postgres, f"chaos_{random.randrange(10**9)}") as (administrator, addresses):
        run = SimpleNamespace(stack=lambda: {"postgres": administrator})
        yield World(run, None, random.Random(1), tmp_path, None, brief=True), addresses


async def test_nobody_gets_a_connection_while_they_are_exhausted_and_everybody_afterwards(office):
    """Issue 5.2; who has one loses it."""
    world, addresses = office
    kept = [await asyncpg.connect(address) for address in addresses.values()]

    async with nobody_gets_a_connection(world):
        for address in addresses.values():
            with pytest.raises(asyncpg.TooManyConnectionsError):
                await asyncpg.connect(address)
        for connection in kept:
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                await connection.execute("SELECT 1")

    for address in addresses.values():
        await (await asyncpg.connect(address)).close()
