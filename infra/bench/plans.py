"""The plans of the statements that a registrar's event needs, as the page docs/plans.md."""

import re
from pathlib import Path

import asyncpg

from cpt.postgres import Queries

PAGE = Path(__file__).parents[2] / "docs" / "plans.md"
HEAD = """# Plans of an event's statements

Written by `make bench ONLY=d`: what PostgreSQL does for each statement of a batch of registrar events, whatever the values
(`plan_cache_mode = force_generic_plan`), with {size} watched students. None reads a table of students from end to end;
what is read so is empty or has a few rows in that run (losses, withdrawals of terms, parked keys, calendars, progress).

"""
ON_ITS_WAY = {
    "cpt.messaging": ("lock_progress", "lock_parked_keys", "claim", "record_progress"),
    "enrollment_sync": (
        "watched", "lock_students", "latest_calendar", "dossiers", "add_registrar_events", "put_rows",
        "raise_sequences", "save_student",
    ),
}  # fmt: skip


async def write_plans(dsn: str, size: int) -> None:
    connection = await asyncpg.connect(
        dsn, server_settings={"search_path": "enrollment_sync", "plan_cache_mode": "force_generic_plan"}
    )
    sections = []
    for package, names in ON_ITS_WAY.items():
        sql = Queries(package)
        for name in names:
            plan = await _plan(connection, name, getattr(sql, name))
            sections.append(f"## {name} of {package}\n\n```\n{plan}\n```\n")
    await connection.close()
    PAGE.write_text(HEAD.format(size=f"{size:,}") + "\n".join(sections), "utf-8")


async def _plan(connection: "asyncpg.Connection[asyncpg.Record]", name: str, statement: str) -> str:
    await connection.execute(f"PREPARE {name} AS {statement}")
    values = ", ".join(["NULL"] * max(map(int, re.findall(r"\$(\d+)", statement)), default=0))
    rows = await connection.fetch(f"EXPLAIN (COSTS off) EXECUTE {name}{f'({values})' if values else ''}")
    return "\n".join(line for (line,) in rows)
