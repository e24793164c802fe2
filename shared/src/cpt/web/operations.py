"""Operations' pages of a service: what is parked, what is held back, what waits to leave, what was taken in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from cpt.messaging import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.own_message import OwnMessage
from cpt.messaging.parking import NotParked, list_parked, show_parked
from cpt.messaging.quarantine import NotQuarantined, discard_quarantined, list_quarantine, release_quarantined
from cpt.messaging.replay import discard, replay
from cpt.messaging.traffic import show_traffic
from cpt.postgres import Database
from cpt.web.addresses import RowNumber
from cpt.web.forms import Text
from cpt.web.pages import Link, Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import Problem, not_found

Operator = Annotated[Person, Depends(require("operations"))]
Why = Annotated[Text, Form(max_length=500)]
Elsewhere = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]
LINK = Link("Messages", "/operations", frozenset({"operations"}))


def operations_pages(database: Database, consumer: Consumer, elsewhere: Elsewhere | None = None) -> APIRouter:  # noqa: C901 a list of routes
    """The same pages in every service; every act is kept with the operator's name and reason."""
    router = APIRouter(include_in_schema=False)

    @router.get("/operations")
    async def operations(request: Request, _: Operator, said: str = "") -> Response:
        found: dict[str, Any] = {
            "parked": await list_parked(database, consumer.name),
            "quarantined": await list_quarantine(database),
            "traffic": await show_traffic(database, consumer.name),
            "elsewhere": await elsewhere() if elsewhere else [],
        }
        return _pages(request).render(request, "operations.html", said=said, **found)

    @router.get("/operations/parked/{parked_id}")
    async def one(request: Request, parked_id: RowNumber, operator: Operator) -> Response:
        try:
            message = await show_parked(database, consumer, parked_id, operator.sub)
        except NotParked:
            raise not_found() from None
        return _pages(request).render(request, "parked.html", message=message, parked_id=parked_id)

    @router.post("/operations/parked/{parked_id}/{act}")
    async def decide(parked_id: RowNumber, act: str, operator: Operator, reason: Why = "") -> Response:
        if act not in ("replay", "discard"):
            raise not_found()
        decided = replay if act == "replay" else discard
        try:
            await decided(database, consumer, parked_id, operator.sub, reason)
        except NotParked:
            return _back("gone")
        except OwnMessage:
            raise
        except Exception as error:  # noqa: BLE001 whatever the handler says is the operator's answer, and stays parked
            raise Problem(409, "replay_failed", "The message failed again and stays parked", explain(error)) from None
        return _back(f"{act}ed")

    @router.post("/operations/quarantine/{seq}/{act}")
    async def free(seq: RowNumber, act: str, operator: Operator, reason: Why = "") -> Response:
        if act not in ("release", "discard"):
            raise not_found()
        free = release_quarantined if act == "release" else discard_quarantined
        try:
            await free(database, consumer, seq, operator.sub, reason)
        except NotQuarantined:
            return _back("gone")
        return _back("released" if act == "release" else "discarded")

    return router


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _back(said: str) -> Response:
    return RedirectResponse(f"/operations?said={said}", 303)
