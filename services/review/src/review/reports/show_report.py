"""Volume, turnaround and reasons of returns of one month, of the office and by program as SPIRE names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cpt.postgres import Connection, Queries

sql = Queries("review.reports")


@dataclass(frozen=True, slots=True)
class MonthReport:
    """`total` and each of `programs` have the same figures; days are calendar days from complete to issued."""

    month: date
    total: Mapping[str, Any]
    programs: Sequence[Mapping[str, Any]]
    reasons: Sequence[Mapping[str, Any]]

    @property
    def is_empty(self) -> bool:
        return not self.programs


async def show_report(connection: Connection, month: date) -> MonthReport:
    """`month` is its first day, Eastern."""
    span = (month, after(month))
    total, *programs = [dict(row) for row in await connection.fetch(sql.figures, *span)]
    reasons = [dict(row) for row in await connection.fetch(sql.reasons, *span)]
    return MonthReport(month, total, programs, reasons)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
