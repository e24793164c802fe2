"""Within a schedule, what runs in one of its processes stops before each statement and instead of each pause."""

import asyncio
from contextlib import contextmanager

import asyncpg

from tests.simulation.scheduler import Scheduler, rest, running
from tests.simulation.scheduler import execute as execute_simple

_execute_prepared = asyncpg.Connection._execute
_connect, _release = asyncpg.pool.PoolConnectionHolder.connect, asyncpg.pool.PoolConnectionHolder.release


@contextmanager
def stopping_at_statements(scheduler: Scheduler):
    """For as long as it lasts; what belongs to no process goes on as always."""

    async def execute(self, query, *args, **named):
        if args or running.get() is None:
            return await execute_simple(self, query, *args, **named)
        return await scheduler.statement(self, query, lambda: execute_simple(self, query, **named))

    async def execute_prepared(self, query, *args, **named):
        if running.get() is None:
            return await _execute_prepared(self, query, *args, **named)
        return await scheduler.statement(self, query, lambda: _execute_prepared(self, query, *args, **named))

    async def outside(step):
        """What a pool says to the server: no stop, and nobody goes on before it is over."""
        process = running.set(None)
        with scheduler.under_way():
            try:
                return await step
            finally:
                running.reset(process)

    async def connect(self):
        await outside(_connect(self))

    async def release(self, seconds):
        await outside(_release(self, seconds))

    async def sleep(seconds, result=None):
        if seconds and running.get() is not None:
            await scheduler.stop("waits before the next attempt")
            return result
        return await rest(seconds, result)

    asyncpg.Connection.execute, asyncpg.Connection._execute = execute, execute_prepared
    asyncpg.pool.PoolConnectionHolder.connect, asyncpg.pool.PoolConnectionHolder.release = connect, release
    asyncio.sleep = sleep
    try:
        yield
    finally:
        asyncpg.Connection.execute, asyncpg.Connection._execute = execute_simple, _execute_prepared
        asyncpg.pool.PoolConnectionHolder.connect, asyncpg.pool.PoolConnectionHolder.release = _connect, _release
        asyncio.sleep = rest
