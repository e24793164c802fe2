"""Where PostgreSQL and Kafka come from: given addresses first, a Docker engine second, native servers third."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from infra.devstack import tools
from infra.devstack.child import Program
from infra.devstack.engine import containers
from infra.devstack.janitor import MARK
from infra.devstack.kafka import jars, kafka
from infra.devstack.postgres import postgres

GIVEN = {"postgres": "CPT_POSTGRES__DSN", "kafka": "CPT_KAFKA__BOOTSTRAP_SERVERS"}


def given(name: str) -> str | None:
    return os.environ.get(GIVEN[name]) or None


async def fetch(log: Path) -> None:
    """Everything that a native start needs, where there will be one; raises StartError."""
    if not given("kafka") and not containers():
        await tools.java(log)
        await jars(log)


@asynccontextmanager
async def server(
    name: str, folder: Path, log: Path, *, durable: bool = True
) -> AsyncIterator[tuple[Program | None, str]]:
    """The address of `postgres` (administrator's DSN) or `kafka`, and the program to run for it where it is ours."""
    if address := given(name):
        yield None, address
        return
    engine = containers()
    if engine and (contained := await asyncio.to_thread(engine.start, name, os.environ[MARK])):
        container, address = contained
        try:
            yield None, address
        finally:
            container.stop()
        return
    native = kafka(folder / name, log) if name == "kafka" else postgres(folder / name, log, durable=durable)
    async with native as (program, address):
        yield program, address
