"""The director's overview, and all cases as rows of a file."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cpt.campus.business_days import add_business_days
from cpt.campus.clock import eastern_date
from cpt.contracts.values import Person
from cpt.postgres import Connection, Database, Queries
from review.store import Cause, calendar_in_force, write_audit

sql = Queries("review.overview")

Figures = dict[str, Any]
NOTHING: Figures = dict.fromkeys(("approved", "issued", "returned", "denied"), 0) | {"days_to_i20": None}
WEEKS = 8
MOST = 20
"""Colleges and programs that are listed."""
COMING = timedelta(days=14)


async def show_overview(connection: Connection, reader: Person, now: datetime) -> dict[str, Any]:
    """`advisers`, `risk`, `weeks` with the current one last, `colleges`, `programs` and `reasons` of these weeks, and
    `coming` starts and ends of two weeks. Days are Eastern.
    """
    today = eastern_date(now)
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    next_day = add_business_days(today, 1, (await calendar_in_force(connection)).closed_days)
    risk = await connection.fetchrow(sql.at_risk, today, next_day)
    assert risk is not None
    return {
        "advisers": await _rows(connection, sql.load_by_adviser, today),
        "risk": dict(risk),
        **_turnaround(
            first, await _rows(connection, sql.decisions, first), await _rows(connection, sql.arrivals, first)
        ),
        "reasons": await _rows(connection, sql.return_reasons, first),
        "coming": await _rows(connection, sql.coming, today, today + COMING, reader.sub),
        "since": first,
    }


def _turnaround(first: date, decisions: list[Figures], arrivals: list[Figures]) -> dict[str, list[Figures]]:
    """Every week has a line; of the colleges and programs, those with most decisions."""
    completed = {row["monday"]: row["completed"] for row in arrivals}
    decided = {row["monday"]: row for row in decisions if row["monday"]}
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    by = {kind: [row for row in decisions if row[kind] is not None][:MOST] for kind in ("college", "program")}
    return {
        "weeks": [
            NOTHING | decided.get(monday, {}) | {"monday": monday, "completed": completed.get(monday, 0)}
            for monday in mondays
        ],
        "colleges": by["college"],
        "programs": by["program"],
    }


async def export_cases(database: Database, reader: Person, now: datetime) -> AsyncIterator[Mapping[str, Any]]:
    """Every case but the reader's own (A31), read in parts, with no connection in between: a client may be slow.

    That it was exported is kept before anything leaves (FERPA 99.32).
    """
    async with database.transaction() as connection:
        await write_audit(connection, Cause("export", reader.sub, now), "cases_exported", "cases")
    after = ""
    while rows := await _cases_after(database, reader, after):
        for row in rows:
            yield row
        after = rows[-1]["request_id"]


async def _cases_after(database: Database, reader: Person, request_id: str) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        return [dict(row) for row in await connection.fetch(sql.cases_to_export, reader.sub, request_id)]


async def _rows(connection: Connection, query: str, *values: date | str) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(query, *values)]
