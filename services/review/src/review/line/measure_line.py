"""The figures of the line and of the promise of five business days, for dashboards and rules (R50, R51)."""

from collections.abc import Mapping
from datetime import date, datetime

from cpt.campus.business_days import add_business_days
from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime import metrics
from review.store import calendar_in_force, sql


async def measure_line(database: Database, now: datetime) -> int:
    """One step of the loop: three set-based queries, however long the line is; always 0."""
    async with database.connection() as connection:
        numbers = await connection.fetch(sql.line_figures)
        holes = await connection.fetchrow(sql.hole_figures)
        due = {row["due_on"]: row["cases"] for row in await connection.fetch(sql.due_figures)}
        calendar = await calendar_in_force(connection)
    assert holes is not None
    lengths = {(row["state"],): row["numbers"] for row in numbers}
    metrics.LINE_LENGTH.show_all({(state,): 0 for state in ("pending", "waiting", "unreadable", "set_aside")} | lengths)
    metrics.LINE_OLDEST.show(_seconds_since(min((row["oldest"] for row in numbers), default=None), now))
    metrics.LINE_HOLES.show(holes["holes"])
    metrics.LINE_HOLE_AGE.show(_seconds_since(holes["since"], now))
    today = eastern_date(now)
    by_day = cases_due(due, today, add_business_days(today, 1, calendar.closed_days))
    metrics.CASES_DUE.show_all({(day,): cases for day, cases in by_day.items()})
    return 0


def cases_due(due: Mapping[date, int], today: date, next_day: date) -> dict[str, int]:
    """Counted by the end of the due day: a case due today is at risk, not late (A7)."""
    counts = {"overdue": 0, "today": 0, "next_day": 0, "later": 0}
    for day, cases in due.items():
        kind = "overdue" if day < today else "today" if day == today else "next_day" if day <= next_day else "later"
        counts[kind] += cases
    return counts


def _seconds_since(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment else 0.0
