"""One status page: what needs attention, and the comparisons with SPIRE, which operations may ask for."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from enrollment_sync.snapshots.reconcile_snapshot import ask_for_run
from enrollment_sync.store import calendar_in_force, sql

Reader = Annotated[Person, Depends(require("operations", "compliance", "director"))]
Operator = Annotated[Person, Depends(require("operations"))]
Strm = Annotated[str, Form(pattern=r"^[0-9A-Za-z]{1,8}$")]


def pages_router(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def status(request: Request, _: Reader, said: str = "") -> Response:
        async with database.connection() as connection:
            alarms = await connection.fetch(sql.open_alarms)
            runs = await connection.fetch(sql.list_runs)
            terms = (await calendar_in_force(connection)).terms
        pages: Pages = request.app.state.pages
        names = {term.strm: term.name for term in terms}
        shown: dict[str, Any] = {"alarms": alarms, "runs": runs[:20], "terms": terms, "names": names, "said": said}
        return pages.render(request, "status.html", today=eastern_date(clock()), **shown)

    @router.post("/reconcile")
    async def reconcile(operator: Operator, strm: Strm) -> Response:
        async with database.transaction() as connection:
            await ask_for_run(connection, strm, operator.sub, clock())
        return RedirectResponse("/?said=asked", 303)

    return router
