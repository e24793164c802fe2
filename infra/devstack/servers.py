"""Where PostgreSQL and Kafka come from: given addresses first, a Docker engine second, native servers third."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from infra.devstack.child import Program
from infra.devstack.kafka import kafka
from infra.devstack.postgres import postgres

GIVEN = {"postgres": "CPT_POSTGRES__DSN", "kafka": "CPT_KAFKA__BOOTSTRAP_SERVERS"}


@asynccontextmanager
async def server(name: str, folder: Path, *, durable: bool = True) -> AsyncIterator[tuple[Program | None, str]]:
    """The address of `postgres` (administrator's DSN) or `kafka`, and the program to run first where it is ours."""
    log = folder / "logs" / f"{name}.log"
    if given := os.environ.get(GIVEN[name]):
        yield None, given
    elif name == "kafka":
        async with kafka(folder / name, log) as native:
            yield native
    else:
        async with postgres(folder / name, log, durable=durable) as native:
            yield native
