"""One page for operations: what has left, what waits, what failed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from notifier.show_notices import show_status

Operator = Annotated[Person, Depends(require("operations"))]


def pages_router(database: Database) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def status(request: Request, _: Operator) -> Response:
        async with database.connection() as connection:
            found = await show_status(connection)
        pages: Pages = request.app.state.pages
        return pages.render(request, "status.html", **found)

    return router
