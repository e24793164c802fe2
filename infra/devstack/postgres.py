"""A PostgreSQL server of our own on a free port."""

import os
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from infra.devstack.child import Program, finish
from infra.devstack.lodging import lodging, memory
from infra.devstack.ports import free_port
from infra.devstack.postgres_programs import find_programs, unprivileged_user

OPTIONS = (
    *("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=400"),
    *("timezone=UTC", "log_timezone=UTC"),
    "log_error_verbosity=terse",  # a refused row would stand in the log, whoever it is about
)
CLOSED = "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC"
"""No role of a service has anything to do in the databases that every server has."""
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@asynccontextmanager
async def postgres(folder: Path, log: Path, *, durable: bool = True) -> AsyncIterator[tuple[Program, str]]:
    """Prepares a server and gives back how to run it and the administrator's DSN; removes its data at the end.

    What need not be durable lies in memory where that is possible.
    """
    place = None if durable else memory()
    with lodging(place) if place or os.getuid() == 0 else _home(folder) as home:
        user = unprivileged_user() if os.getuid() == 0 else ""
        programs = find_programs(home, user)
        port, password = free_port(), secrets.token_urlsafe(24)
        address = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        await _initialize(programs, home, user, log, password)
        options = (*OPTIONS, f"port={port}", *(() if durable else HASTE))
        yield (
            Program(
                "postgres",
                (str(programs / "postgres"), "-D", str(home / "data"), *(f"-c{option}" for option in options)),
                folder=home / "data",
                log=log,
                ready=lambda: accepts(address),
                user=user,
                farewell=signal.SIGINT,  # fast shutdown: does not wait for clients
                last_signal=signal.SIGQUIT,  # lets it remove its shared memory, unlike SIGKILL
            ),
            address,
        )


async def accepts(address: str) -> bool:
    try:
        await (await asyncpg.connect(address, timeout=5)).close()
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    return True


async def _initialize(programs: Path, home: Path, user: str, log: Path, password: str) -> None:
    data, secret = _furnish(home, user, password)
    words = ("-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "-A", "scram-sha-256", "-N", "--pwfile", str(secret))
    command = (str(programs / "initdb"), "-D", str(data), *words)
    await finish(Program("initdb", command, data, log, user=user))
    closing = f"echo '{CLOSED}' | {programs / 'postgres'} --single -D {data} postgres"  # while nobody can sign in yet
    await finish(Program("close", ("/bin/sh", "-c", closing), data, log, user=user))


@contextmanager
def _home(folder: Path) -> Iterator[Path]:
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(home: Path, user: str, password: str) -> tuple[Path, Path]:
    data, secret = home / "data", home / "password"
    data.mkdir(mode=0o700, parents=True)
    secret.touch(mode=0o600)
    secret.write_text(password)
    for path in (data, secret) if user else ():
        shutil.chown(path, user)
    return data, secret
