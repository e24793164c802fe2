"""Forward-only migrations: numbered SQL files, each applied once, in order, by one process at a time."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import asyncpg

from cpt.postgres.grants import apply_grants, read_grants
from cpt.postgres.hosts import connect

if TYPE_CHECKING:
    from cpt.postgres.database import Connection

_FILE = re.compile(r"^(\d{4})_(pre|post)_([a-z0-9_]+)\.sql$")
SHARED = Path(__file__).parent.parent
MESSAGING, WEB, AUDIT = (SHARED / package / "migrations" for package in ("messaging", "web", "audit"))

_MADE_MEANWHILE = (
    asyncpg.DuplicateSchemaError,
    asyncpg.UniqueViolationError,
    asyncpg.DuplicateTableError,
    asyncpg.DuplicateObjectError,
)  # by another
Phase = Literal["pre", "post"]


class MigrationChanged(Exception):
    """A file that was applied before is not what it was: add a new one instead."""


@dataclass(frozen=True, slots=True)
class Migration:
    """`pre` runs before the new code is deployed and only adds; `post` runs after it and may take away."""

    series: str
    number: int
    phase: Phase
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_series(series: str, folder: Path) -> list[Migration]:
    """Raises ValueError for a file with another name form, a gap or a number used twice."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        parts = _FILE.match(path.name)
        if not parts:
            raise ValueError(f"{path.name}: expected NNNN_pre_name.sql or NNNN_post_name.sql")
        phase: Phase = "pre" if parts[2] == "pre" else "post"
        found.append(Migration(series, int(parts[1]), phase, parts[3], path.read_text("utf-8")))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"{series}: migrations must be numbered 1, 2, 3 … without gaps")
    return found


async def migrate(dsn: str, schema: str, folder: Path, phases: tuple[Phase, ...] = ("pre", "post")) -> list[str]:
    """Applies what is missing, the shared tables first, the audit record's seals last; returns the names of what was applied.

    Stops before the first migration of a phase not asked for, since order is kept. Raises `MigrationChanged`.
    The roles of the processes get their rights afterwards.
    """
    options = {"search_path": schema, "lock_timeout": "10s"}
    connection = await connect(dsn, target_session_attrs="read-write", server_settings=options)
    turn = await connect(dsn, target_session_attrs="read-write", server_settings=options)
    try:
        await _prepare(connection, schema)
        await turn.execute("BEGIN; LOCK TABLE schema_turn")  # a table that nobody else has a right on
        applied = []
        for series, files in (("messaging", MESSAGING), ("web", WEB), ("service", folder), ("audit", AUDIT)):
            applied += await _apply_series(connection, read_series(series, files), phases)
        await apply_grants(connection, schema, read_grants(folder), exactly="post" in phases)
        return applied
    finally:
        await turn.close()
        await connection.close()


async def _prepare(connection: "Connection", schema: str) -> None:
    """Each time that another migrator was faster with one of the three things, the rest is tried again."""
    for _ in range(3):
        with suppress(*_MADE_MEANWHILE):
            await _make_schema(connection, schema)
            return
    await _make_schema(connection, schema)


async def _make_schema(connection: "Connection", schema: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = $1", schema):
        await connection.execute(f'CREATE SCHEMA "{schema}"')
    await connection.execute(
        """CREATE TABLE IF NOT EXISTS schema_migration (
             series text NOT NULL, number int NOT NULL, name text NOT NULL, sha256 text NOT NULL,
             applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (series, number));
           CREATE TABLE IF NOT EXISTS schema_turn ()"""
    )


async def _apply_series(connection: "Connection", series: list[Migration], phases: tuple[Phase, ...]) -> list[str]:
    applied = []
    for migration in series:
        known = await connection.fetchval(
            "SELECT sha256 FROM schema_migration WHERE series = $1 AND number = $2", migration.series, migration.number
        )
        if known == migration.sha256:
            continue
        if known is not None:
            raise MigrationChanged(f"{migration.series} {migration.number:04} {migration.name} was edited after use")
        if migration.phase not in phases:
            break
        await _apply(connection, migration)
        applied.append(f"{migration.series} {migration.number:04} {migration.name}")
    return applied


async def _apply(connection: "Connection", migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(
            "INSERT INTO schema_migration (series, number, name, sha256) VALUES ($1, $2, $3, $4)",
            migration.series,
            migration.number,
            migration.name,
            migration.sha256,
        )
