"""The director's overview, and its file of all cases."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.charts import bars
from cpt.web.formats import words
from cpt.web.people import named
from cpt.web.person import Person
from review.overview.show_overview import export_cases, show_overview
from review.pages.common import Director, pages_of
from review.pages.sheets import line_of

Week = dict[str, Any]
COLUMNS = (
    "Number", "Reference", "Student", "EMPLID", "Program", "College", "Employer", "Route", "State", "Adviser", "Complete since", "Due",
    "First day", "Last day",
)  # fmt: skip
STATES = {
    "pending": "Waiting for SPIRE", "waiting": "In line", "assigned": "To decide", "approved": "To issue", "issued": "Issued",
    "returned": "With the student", "denied": "Denied", "withdrawn": "Withdrawn",
}  # fmt: skip
ROUTES = {"coop": "Co-op", "credit": "For credit", "required": "Required"}


def _named_weeks(weeks: list[Week]) -> Iterator[tuple[str, Week]]:
    """By the Monday; the month only where it is new, so that the names fit a phone."""
    before = None
    for week in weeks:
        monday: date = week["monday"]
        yield f"{monday:%b} {monday.day}" if monday.month != before else str(monday.day), week
        before = monday.month


def overview_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/overview")
    async def overview(request: Request, director: Director) -> Response:
        async with database.connection() as connection:
            found = await show_overview(connection, named(director), clock())
        weeks = list(_named_weeks(found["weeks"]))
        charts = {
            "completed": bars([(name, week["completed"], str(week["completed"] or "")) for name, week in weeks]),
            "issued": bars([(name, week["issued"], str(week["issued"] or "")) for name, week in weeks]),
        }
        return pages_of(request).render(request, "overview.html", today=eastern_date(clock()), charts=charts, **found)

    @router.get("/cases.csv")
    async def cases(director: Director) -> Response:
        name = {"Content-Disposition": f'attachment; filename="cpt-cases-{eastern_date(clock())}.csv"'}
        return StreamingResponse(_lines(director), media_type="text/csv; charset=utf-8", headers=name)

    async def _lines(director: Person) -> AsyncIterator[str]:
        yield line_of(COLUMNS)
        async for case in export_cases(database, named(director), clock()):
            yield line_of(
                (
                    case["receipt_number"],
                    case["reference"],
                    case["student"],
                    case["emplid"],
                    case["program"],
                    case["college"],
                    case["employer"],
                    ROUTES.get(case["route"], words(case["route"])),
                    STATES[case["state"]],
                    case["adviser"] or case["adviser_sub"],
                    case["received_at"],
                    case["due_on"],
                    case["start_date"],
                    case["end_date"],
                )
            )

    return router
