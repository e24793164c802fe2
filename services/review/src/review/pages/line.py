"""The line: who waits, what holds it, and a director's way past a number that never came."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.addresses import RowNumber
from cpt.web.people import named
from review.line.pass_over_hole import pass_over_hole
from review.line.show_line import list_assignments, show_line
from review.pages.common import Director, LineReader, Text, pages_of, to


def line_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/line")
    async def line_page(request: Request, _: LineReader) -> Response:
        async with database.connection() as connection:
            line = await show_line(connection, clock())
            taken = (await list_assignments(connection))[-20:][::-1]
        return pages_of(request).render(request, "line.html", line=line, taken=taken)

    @router.post("/line/{number}/pass-over")
    async def pass_over(number: RowNumber, director: Director, reason: Text) -> Response:
        async with database.transaction() as connection:
            await pass_over_hole(connection, number, named(director), reason, clock())
        return to("/line")

    return router
