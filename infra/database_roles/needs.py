"""Which rights a query needs: PostgreSQL is asked, with each right taken away once."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Right = tuple[str, str]
"""A table and a verb."""
_FUNCTIONS = (
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::regnamespace AND prokind = 'f'"
)
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
PROBE = "cpt_probe"


async def rights_of(connection: Connection, schema: str, queries: Iterable[str]) -> dict[str, set[Right]]:
    """By query. Needs a migrated schema and a superuser; the probing role is gone afterwards."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(f"CREATE ROLE {PROBE}; GRANT USAGE ON SCHEMA {schema} TO {PROBE}")
        await connection.execute(f"SET LOCAL search_path TO {schema}")
        rows = await connection.fetch(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'S')",
            schema,
        )
        tables = [row["relname"] for row in rows if row["relkind"] == b"r"]
        sequences = [row["relname"] for row in rows if row["relkind"] == b"S"]
        functions = {name: body for name, body in await connection.fetch(_FUNCTIONS, schema)}  # noqa: C416 rows are no pairs to mypy
        return {
            query: await _needed(connection, query, _named(query, functions, tables)) | _drawn(query, sequences)
            for query in queries
        }
    finally:
        await transaction.rollback()


def _drawn(query: str, sequences: Iterable[str]) -> set[Right]:
    return {(name, "USAGE") for name in sequences if f"nextval('{name}'" in query}


def _named(query: str, functions: Mapping[str, str], tables: Iterable[str]) -> list[str]:
    """Tables of the query and of the functions that it calls, which run with the rights of whoever calls."""
    text = query + "".join(body for name, body in functions.items() if re.search(rf"\b{name}\b", query))
    return [table for table in tables if re.search(rf"\b{table}\b", text)]


async def _needed(connection: Connection, query: str, tables: Iterable[str]) -> set[Right]:
    mentioned = [(table, verb) for table in tables for verb in VERBS]
    needed = set(mentioned)
    for table, verb in mentioned:
        await connection.execute(f'GRANT {verb} ON "{table}" TO {PROBE}')
    for table, verb in mentioned:
        await connection.execute(f'REVOKE {verb} ON "{table}" FROM {PROBE}')
        if await _allowed(connection, query):
            needed.discard((table, verb))
        else:
            await connection.execute(f'GRANT {verb} ON "{table}" TO {PROBE}')
    for table, verb in needed:
        await connection.execute(f'REVOKE {verb} ON "{table}" FROM {PROBE}')
    return needed


async def _allowed(connection: Connection, query: str) -> bool:
    """Rights are judged when a statement starts, which a plan is enough for."""
    parameters = max(map(int, re.findall(r"\$(\d+)", query)), default=0)
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {PROBE}")
            await connection.fetch(f"EXPLAIN {query}", *[None] * parameters)
            await connection.execute("RESET ROLE")
    except asyncpg.InsufficientPrivilegeError:
        return False
    return True
