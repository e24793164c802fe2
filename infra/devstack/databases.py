"""One database with a schema for each service, and three roles: its owner, who migrates, and the two processes."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from urllib.parse import urlsplit, urlunsplit

import asyncpg

SERVICES = ("intake", "enrollment_sync", "review", "notifier")
ROLES = ("migrate", "web", "worker")
Addresses = dict[tuple[str, str], str]
"""DSN by service and role."""
CONNECTIONS = {"migrate": 5, "web": 50, "worker": 30}
"""Of each role at most, so that none takes the server's last one from the others."""
CLOSED = """
DO $$ DECLARE found regprocedure; BEGIN
  FOR found IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND proname ~ '^(lo_|lowrite|loread|pg_(try_)?advisory_)'
  LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found); END LOOP;
END $$"""
"""Large objects and advisory locks belong to no schema: whoever may sign in could fill the disk or stop another."""
MAY_CREATE = "SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles WHERE rolname = current_user"


@asynccontextmanager
async def databases(admin: str, name: str) -> AsyncIterator[tuple[str, Addresses]]:
    """The administrator's and each role's DSN; dropped at the end.

    In a database `name`, or in the given one where none may be created.
    """
    async with connected(admin) as connection:
        own = await connection.fetchval(MAY_CREATE)
        await (_drop_database if own else _drop_schemas)(connection, name)  # what a crash left
        addresses = await (_create_database if own else _create_schemas)(connection, admin, name)
    try:
        yield _address(admin, database=name) if own else admin, addresses
    finally:
        await _drop(admin, name, own=own)


async def _drop(admin: str, name: str, *, own: bool) -> None:
    try:
        async with connected(admin) as connection:
            await (_drop_database if own else _drop_schemas)(connection, name)
    except (OSError, asyncpg.PostgresError) as error:
        print(f"{name} stays in PostgreSQL until the next start: {type(error).__name__}", flush=True)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def _create_database(admin: "asyncpg.Connection[asyncpg.Record]", dsn: str, name: str) -> Addresses:
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    addresses = {}
    async with connected(_address(dsn, database=name)) as inside:
        await inside.execute(CLOSED)
        for service in SERVICES:
            for kind in ROLES:
                role, password = f"{name}_{service}_{kind}", secrets.token_urlsafe(24)
                limited = f"LOGIN PASSWORD '{password}' CONNECTION LIMIT {CONNECTIONS[kind]}"
                await inside.execute(f"CREATE ROLE {role} {limited}; GRANT {role} TO CURRENT_USER")
                await inside.execute(f"GRANT CONNECT ON DATABASE {name} TO {role}")
                addresses[service, kind] = _address(dsn, role, password, name)
            await inside.execute(f"CREATE SCHEMA {service} AUTHORIZATION {name}_{service}_migrate")
    return addresses


async def _drop_database(admin: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    for service, kind in product(SERVICES, ROLES):
        await admin.execute(f"DROP ROLE IF EXISTS {name}_{service}_{kind}")


async def _create_schemas(admin: "asyncpg.Connection[asyncpg.Record]", dsn: str, name: str) -> Addresses:
    """The comment tells whose schema it is, so that only that one is dropped, also after a crash."""
    for service in SERVICES:
        await admin.execute(f"CREATE SCHEMA {service}; COMMENT ON SCHEMA {service} IS '{name}'")
    return dict.fromkeys(product(SERVICES, ROLES), dsn)


async def _drop_schemas(admin: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    commented = "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = $1"
    for schema in await admin.fetch(commented, name):
        await admin.execute(f'DROP SCHEMA "{schema["nspname"]}" CASCADE')


def _address(dsn: str, role: str = "", password: str = "", database: str = "") -> str:
    parts = urlsplit(dsn)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{f'{role}:{password}' if role else user}@{host}", path=f"/{database}"))
