"""The line: who waits, what holds it, and a director's way past a number that never came."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.addresses import RowNumber
from cpt.web.people import named
from review.line.pass_over_missing_number import pass_over_missing_number
from review.line.show_line import line_page
from review.pages.common import Director, LineReader, Text, pages_of, to
from review.pages.listing import ROWS, Listing, PageNumber


def line_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/line")
    async def line_shown(request: Request, _: LineReader, page: PageNumber = 1) -> Response:
        listing = Listing("/line", {}, page)
        async with database.connection() as connection:
            line = await line_page(connection, (ROWS + 1, listing.offset), clock())
        rows = line["rows"]
        shown: dict[str, Any] = {"line": line, "rows": rows[:ROWS], "more": len(rows) > ROWS, "list": listing}
        return pages_of(request).render(request, "line.html", today=eastern_date(clock()), **shown)

    @router.post("/line/{number}/pass-over")
    async def pass_over(number: RowNumber, director: Director, reason: Text) -> Response:
        async with database.transaction() as connection:
            await pass_over_missing_number(connection, number, named(director), reason, clock())
        return to("/line")

    return router
