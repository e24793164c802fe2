"""The rights of the processes' roles: exactly those of `grants.toml` in the folder of the migrations, granted by `migrate`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cpt.postgres.database import Connection

KINDS = ("web", "worker")
OWNER = "_migrate"
_VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "USAGE"})

Grants = Mapping[str, Mapping[str, str]]
"""Verbs, with spaces, by kind of process and table."""


def read_grants(folder: Path) -> Grants:
    """Empty where there is no such file. Raises ValueError for a verb that no role may have."""
    file = folder / "grants.toml"
    grants: Grants = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    for verbs in (verbs for tables in grants.values() for verbs in tables.values()):
        if not _VERBS.issuperset(verbs.split()):
            raise ValueError(f"{file}: {verbs}")
    return grants


async def apply_grants(connection: "Connection", schema: str, grants: Grants, *, exactly: bool) -> None:
    """To `<name>_web` and `<name>_worker` when `<name>_migrate` is signed in; anybody else owns and uses the schema alone.

    Before a deployment rights are only added, for the old code still runs; after it (`exactly`) all others end.
    """
    owner: str = await connection.fetchval("SELECT current_user")
    if not owner.endswith(OWNER):
        return
    async with connection.transaction():
        for kind in KINDS:
            role = _quoted(owner.removesuffix(OWNER) + f"_{kind}")
            if exactly:
                await connection.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {_quoted(schema)} FROM {role}")
                await connection.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {_quoted(schema)} FROM {role}")
            await connection.execute(f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {role}")
            for table, verbs in grants.get(kind, {}).items():
                if exactly or await connection.fetchval("SELECT to_regclass($1)", _quoted(table)):
                    what = "SEQUENCE" if verbs == "USAGE" else "TABLE"
                    await connection.execute(f"GRANT {', '.join(verbs.split())} ON {what} {_quoted(table)} TO {role}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
