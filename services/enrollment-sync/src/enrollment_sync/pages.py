"""One status page for operations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from enrollment_sync.store import sql

Operator = Annotated[Person, Depends(require("operations", "compliance", "director"))]


def pages_router(database: Database) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def status(request: Request, _: Operator) -> Response:
        async with database.connection() as connection:
            alarms = await connection.fetch(sql.open_alarms)
            runs = await connection.fetch(sql.list_runs)
        pages: Pages = request.app.state.pages
        return pages.render(request, "status.html", alarms=alarms, runs=runs[:20])

    return router
