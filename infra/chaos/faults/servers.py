"""The broker and the database: gone, back, and refusing."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from infra.chaos.faults.world import Fault, NotHere, World
from infra.devstack.databases import SERVICES

FROZEN = 12.0
"""Longer than a producer waits for an acknowledgement."""
SILENT = 25.0


def server_faults() -> list[Fault]:
    return [
        Fault("broker_kill", "kafka", kill_broker),
        Fault("broker_freeze", "kafka", freeze_broker),
        Fault("broker_silent", "kafka", silence_broker),
        Fault("broker_stop", "kafka", stop_broker),
        Fault("postgres_read_only", "postgres", read_only),
        Fault("lock_waits", "postgres", lock_waits),
        Fault("deadlocks", "postgres", deadlocks),
        Fault("postgres_immediate_stop", "postgres", stop_postgres),
        Fault("backends_terminated", "postgres", terminate_backends),
        Fault("connections_exhausted", "postgres", exhaust_connections),
    ]


async def kill_broker(world: World) -> None:
    old = world.signal("kafka", signal.SIGKILL)
    await world.restarted("kafka", old)


async def freeze_broker(world: World) -> None:
    """Whatever was sent meanwhile is given up by its producer, acknowledged or not."""
    pid = world.signal("kafka", signal.SIGSTOP)
    await asyncio.sleep(FROZEN)
    os.kill(pid, signal.SIGCONT)


async def silence_broker(world: World) -> None:
    """For longer than a session and than any await of a loop may take; shorter than its keeper's patience."""
    pid = world.signal("kafka", signal.SIGSTOP)
    await asyncio.sleep(world.seconds(SILENT))
    os.kill(pid, signal.SIGCONT)


async def stop_broker(world: World) -> None:
    """An orderly end: it says goodbye to everybody, which is when clients repeat themselves most."""
    old = world.signal("kafka", signal.SIGTERM)
    await world.restarted("kafka", old)


async def read_only(world: World) -> None:
    """As after a failover that left everybody with the old primary: sessions go on, and no write is taken."""
    await world.sql("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        await asyncio.sleep(world.seconds(6))
    finally:
        await world.sql("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")


async def lock_waits(world: World) -> None:
    """Somebody holds the tables that every transaction writes, as a migration or a vacuum might."""
    held = ", ".join(f"{service}.outbox, {service}.inbox" for service in SERVICES)
    await world.sql("BEGIN", f"LOCK TABLE {held}", f"SELECT pg_sleep({world.seconds(5)})", "COMMIT")


async def deadlocks(world: World) -> None:
    """Somebody takes what every delivery takes, in the other order; PostgreSQL ends whoever waits longest, which is us."""
    inboxes, tallies = (", ".join(f"{service}.{name}" for service in SERVICES) for name in ("inbox", "progress"))
    pause = f"SELECT pg_sleep({world.seconds(1.5)})"
    with contextlib.suppress(asyncpg.DeadlockDetectedError):
        await world.sql(
            "SET deadlock_timeout = '30s'",
            *("BEGIN", f"LOCK TABLE {inboxes} IN SHARE ROW EXCLUSIVE MODE", pause),
            *(f"LOCK TABLE {tallies} IN SHARE ROW EXCLUSIVE MODE", "COMMIT"),
        )


async def stop_postgres(world: World) -> None:
    """Immediate shutdown: no clean end for anybody, recovery from the log at the start."""
    old = world.signal("postgres", signal.SIGQUIT)
    await world.restarted("postgres", old)


async def terminate_backends(world: World) -> None:
    await world.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE current_database() || '\\_%'"
    )


async def exhaust_connections(world: World) -> None:
    async with nobody_gets_a_connection(world):
        await asyncio.sleep(world.seconds(10))


@asynccontextmanager
async def nobody_gets_a_connection(world: World) -> AsyncIterator[None]:
    """Those that the services have are gone, too."""
    roles = await world.sql("SELECT rolname FROM pg_roles WHERE rolname LIKE current_database() || '\\_%'")
    if not roles:
        raise NotHere("the services have no roles of their own in this PostgreSQL")
    await world.sql(*(f"ALTER ROLE {role} CONNECTION LIMIT 0" for (role,) in roles))
    try:
        await terminate_backends(world)
        yield
    finally:
        await world.sql(*(f"ALTER ROLE {role} CONNECTION LIMIT -1" for (role,) in roles))
