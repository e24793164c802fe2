"""Operations' page of a service: what is parked, what is held back, what waits to leave, what was taken in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from cpt.messaging import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.parking import NotParked, discard, list_parked, replay
from cpt.messaging.quarantine import NotQuarantined, discard_quarantined, list_quarantine, release_quarantined
from cpt.messaging.traffic import show_traffic
from cpt.postgres import Database
from cpt.web.pages import Link, Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import Problem

Operator = Annotated[Person, Depends(require("operations"))]
LINK = Link("Messages", "/operations", frozenset({"operations"}))


def operations_pages(database: Database, consumer: Consumer) -> APIRouter:  # noqa: C901 a list of routes
    """The same page in every service; every act is logged with the operator's name."""
    router = APIRouter(include_in_schema=False)

    @router.get("/operations")
    async def operations(request: Request, _: Operator, said: str = "") -> Response:
        found: dict[str, Any] = {
            "parked": await list_parked(database, consumer.name),
            "quarantined": await list_quarantine(database),
            "traffic": await show_traffic(database, consumer.name),
            "said": said,
        }
        pages: Pages = request.app.state.pages
        return pages.render(request, "operations.html", **found)

    @router.post("/operations/parked/{parked_id}/replay")
    async def replay_one(parked_id: int, operator: Operator) -> Response:
        try:
            await replay(database, consumer, parked_id, operator.sub)
        except NotParked:
            return _back("gone")
        except Exception as error:  # noqa: BLE001 whatever the handler says is the operator's answer, and stays parked
            raise Problem(409, "replay_failed", "The message failed again and stays parked", explain(error)) from None
        return _back("replayed")

    @router.post("/operations/parked/{parked_id}/discard")
    async def discard_one(parked_id: int, operator: Operator) -> Response:
        try:
            await discard(database, consumer, parked_id, operator.sub)
        except NotParked:
            return _back("gone")
        return _back("discarded")

    @router.post("/operations/quarantine/{seq}/release")
    async def release(seq: int, operator: Operator) -> Response:
        try:
            await release_quarantined(database, seq, operator.sub)
        except NotQuarantined:
            return _back("gone")
        return _back("released")

    @router.post("/operations/quarantine/{seq}/discard")
    async def drop(seq: int, operator: Operator) -> Response:
        try:
            await discard_quarantined(database, seq, operator.sub)
        except NotQuarantined:
            return _back("gone")
        return _back("discarded")

    return router


def _back(said: str) -> Response:
    return RedirectResponse(f"/operations?said={said}", 303)
