"""The broker and the database: gone, back, and refusing."""

import asyncio
import os
import signal

from infra.chaos.faults.world import SERVICES, Fault, World

FROZEN = 12.0
"""Longer than a producer waits for an acknowledgement."""


def server_faults() -> list[Fault]:
    return [
        Fault("broker_kill", "kafka", kill_broker),
        Fault("broker_freeze", "kafka", freeze_broker),
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


async def stop_postgres(world: World) -> None:
    """Immediate shutdown: no clean end for anybody, recovery from the log at the start."""
    old = world.signal("postgres", signal.SIGQUIT)
    await world.restarted("postgres", old)


async def terminate_backends(world: World) -> None:
    await world.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'cpt\\_%'")


async def exhaust_connections(world: World) -> None:
    """No service gets a further connection, and those it has are gone."""
    await world.sql(*(f"ALTER ROLE cpt_{service} CONNECTION LIMIT 0" for service in SERVICES))
    try:
        await terminate_backends(world)
        await asyncio.sleep(world.seconds(10))
    finally:
        await world.sql(*(f"ALTER ROLE cpt_{service} CONNECTION LIMIT -1" for service in SERVICES))
