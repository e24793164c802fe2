"""One search over all that the office has."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Line
from cpt.web.people import named
from review.alerts.http import viewer_of
from review.http.callers import Reader
from review.search.find import find


def search_router(database: Database, clock: Clock) -> APIRouter:
    """Staff find incomplete requests too."""
    router = APIRouter(prefix="/api/search", tags=["search"])

    @router.get("")
    async def search(q: Annotated[Line, Query()], reader: Reader) -> list[dict[str, Any]]:
        async with database.transaction() as connection:
            hits = await find(connection, q, named(reader), viewer_of(reader), clock())
        return [{name: value for name, value in hit.items() if name != "request_ids"} for hit in hits]

    return router
