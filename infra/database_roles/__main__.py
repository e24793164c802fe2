"""python -m infra.database_roles write: needs an administrator's address in CPT_POSTGRES__DSN, or starts PostgreSQL."""

import asyncio
import sys
import tempfile
from pathlib import Path

import asyncpg

from infra.database_roles.matrix import PAGE, as_toml, derived, folder_of, page
from infra.devstack.child import running
from infra.devstack.databases import SERVICES
from infra.devstack.janitor import marked
from infra.devstack.servers import server


async def _write() -> None:
    with tempfile.TemporaryDirectory() as place, marked(place):
        folder = Path(place)
        async with server("postgres", folder / "postgres", folder / "log", durable=False) as (program, address):
            if program is None:
                await _derive(address)
            else:
                async with running(program):
                    await _derive(address)
    PAGE.write_text(page(), "utf-8")


async def _derive(address: str) -> None:
    connection = await asyncpg.connect(address)
    for service in SERVICES:
        grants = await derived(connection, address, service)
        (folder_of(service) / "grants.toml").write_text(as_toml(grants), "utf-8")
        print(f"{service}: written")
    await connection.close()


if sys.argv[1:] != ["write"]:
    sys.exit(__doc__)
asyncio.run(_write())
