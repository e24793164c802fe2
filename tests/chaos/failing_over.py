"""Two PostgreSQL servers, the second a standby of the first, and a promotion that the first one survives read-only."""

import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from infra.devstack.child import running
from infra.devstack.ports import free_port
from infra.devstack.postgres import accepts, postgres
from tests.integration.conftest import until


@dataclass(frozen=True)
class Pair:
    """`address` names both, the standby first."""

    primary: str
    standby: str

    @property
    def address(self):
        one, two = urlsplit(self.standby), urlsplit(self.primary)
        return urlunsplit(one._replace(netloc=f"{one.netloc},{two.netloc.rpartition('@')[2]}"))

    async def fail_over(self):
        """The old primary takes no writes any more, but keeps its sessions, as behind a proxy of a managed service."""
        await self.demote()
        await self._caught_up()
        await _tell(self.standby, "SELECT pg_promote()")

    async def demote(self):
        await _tell(self.primary, "ALTER SYSTEM SET default_transaction_read_only = on")
        await _tell(self.primary, "SELECT pg_reload_conf()")

    async def _caught_up(self):
        end = await _tell(self.primary, "SELECT pg_current_wal_insert_lsn()::text")

        async def caught_up():
            return await _tell(self.standby, f"SELECT pg_last_wal_replay_lsn() >= '{end}'::pg_lsn")

        await until(caught_up)


@asynccontextmanager
async def pair(folder):
    async with AsyncExitStack() as stack:
        program, primary = await stack.enter_async_context(postgres(folder / "one", folder / "one.log", durable=False))
        data, port = program.folder, free_port()
        copy = data.with_name("standby")
        shutil.copytree(data, copy)
        (copy / "standby.signal").touch()
        with (copy / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{primary}'\n")
        for path in (copy, *copy.rglob("*")) if program.user else ():
            shutil.chown(path, program.user)
        parts = urlsplit(primary)
        standby = urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}"))
        words = [str(copy) if word == str(data) else word for word in program.command]
        words = [f"-cport={port}" if word.startswith("-cport=") else word for word in words]
        second = replace(
            program,
            command=tuple(words),
            folder=copy,
            log=folder / "two.log",
            ready=lambda: accepts(standby),
        )
        await stack.enter_async_context(running(program))
        await stack.enter_async_context(running(second))
        yield Pair(primary, standby)


async def _tell(dsn, statement):
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
