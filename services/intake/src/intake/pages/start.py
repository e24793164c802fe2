"""The start page: the office's steps in order, what to have at hand, and my requests."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from intake.pages.common import Visitor, Words, pages_of, to
from intake.store import list_requests
from intake.student.own_request import READERS
from intake.student.save_draft import find_draft
from intake.student.show_request import show_request

ROWS = 40
"""Of a page; with one row more that is asked for, to know whether there is a next page."""


def start_pages(database: Database, words: Words, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    async def requests(request: Request, reader: Visitor, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
        if not reader.has("student", *READERS):
            return to("/operations")
        staff = reader.has(*READERS)
        async with database.connection() as connection:
            found = await list_requests(connection, None if staff else reader.sub, ROWS + 1, (page - 1) * ROWS)
            mine = [(one, await show_request(connection, one, clock())) for one in found[:ROWS]]
            own_words = await words(connection, "page.start")
            draft = None if staff else await find_draft(connection, reader.sub)
        shown: dict[str, Any] = {"requests": mine, "draft": draft, "staff": staff, "own_words": own_words}
        return pages_of(request).render(request, "requests.html", page=page, more=len(found) > ROWS, **shown)

    return router
