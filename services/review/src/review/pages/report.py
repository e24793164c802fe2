"""The monthly report of requests, as a page and as a file."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.formats import words
from cpt.web.problems import Problem
from review.pages.common import Director, pages_of
from review.pages.sheets import line_of
from review.reports.show_report import MonthReport, before, show_report

MONTHS = 12
_COLUMNS = (
    "Month", "By", "Name", "Became complete", "Approved", "I-20s issued", "By the due day", "Median days", "Nine of ten within days",
    "Returned", "Denied",
)  # fmt: skip
_FIGURES = ("completed", "approved", "issued", "in_time", "median_days", "most_days", "returned", "denied")


def report_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    def asked(month: Annotated[str, Query(max_length=7)] = "") -> date:
        """The last whole month where none is named. Raises 422 for what is none, or is to come."""
        current = eastern_date(clock()).replace(day=1)
        try:
            found = date.fromisoformat(f"{month}-01") if month else before(current)
        except ValueError:
            raise Problem(422, "invalid", "The month cannot be read", "Write it like 2026-09.") from None
        if found > current:
            raise Problem(422, "invalid", "The month is still to come", "Choose one that has begun.")
        return found

    @router.get("/report")
    async def page(request: Request, _: Director, month: Annotated[date, Depends(asked)]) -> Response:
        months = [eastern_date(clock()).replace(day=1)]
        while len(months) < MONTHS:
            months.append(before(months[-1]))
        async with database.connection() as connection:
            report = await show_report(connection, month)
        return pages_of(request).render(
            request, "report.html", report=report, months=months, running=months[0] == month
        )

    @router.get("/report.csv")
    async def file(_: Director, month: Annotated[date, Depends(asked)]) -> Response:
        async with database.connection() as connection:
            report = await show_report(connection, month)
        name = {"Content-Disposition": f'attachment; filename="cpt-report-{month:%Y-%m}.csv"'}
        return Response("".join(_lines(report)), media_type="text/csv; charset=utf-8", headers=name)

    return router


def _lines(report: MonthReport) -> Iterator[str]:
    """All, each program, and each reason of returns with how often it was named."""
    yield line_of(_COLUMNS)
    for by, name, row in [("all", "", report.total), *(("program", one["program"], one) for one in report.programs)]:
        figures = (round(row[key], 1) if isinstance(row[key], float) else row[key] for key in _FIGURES)
        yield line_of((f"{report.month:%Y-%m}", by, name, *figures))
    for one in report.reasons:
        said = words(one["item"].replace(".", " "))
        yield line_of((f"{report.month:%Y-%m}", "reason of a return", said, *([None] * 6), one["times"], None))
