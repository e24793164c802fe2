"""The page of SEVIS batches: what is ready, the file to carry to SEVIS, and what SEVIS said."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from pydantic import Field
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from cpt.contracts.characters import visible
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.addresses import RowNumber
from cpt.web.people import named
from review.cases.data_sheet import SevisText
from review.domain import Fault, Unfit
from review.http.sevis import attached, give_back
from review.pages.common import Staff, Text, pages_of, to
from review.sevis.carry_batch import ask_for_batch, discard_batch, mark_uploaded, read_file, set_user_id
from review.sevis.draw_up_batch import Batching, Order, draw_up_batch
from review.sevis.show_batches import list_batches, read_paper, show_batch, show_ready

Chosen = Annotated[list[Annotated[forms.Line, Field(min_length=1)]] | None, Form()]
"""The ticked boxes of a kind."""


def sevis_pages(database: Database, batching: Batching, clock: Clock) -> APIRouter:  # noqa: C901 a list of routes
    router = APIRouter(prefix="/sevis")

    @router.get("")
    async def batches(request: Request, adviser: Staff, said: str = "") -> Response:
        of_all = adviser.has("director")
        async with database.transaction() as connection:
            ready = await show_ready(connection, named(adviser), batching, clock(), of_all=of_all)
            drawn = await list_batches(connection, 50)
        return pages_of(request).render(request, "sevis.html", ready=ready, batches=drawn, said=said)

    @router.post("/user-id")
    async def user_id(adviser: Staff, user_id: Text) -> Response:
        async with database.transaction() as connection:
            await set_user_id(connection, named(adviser), user_id, clock())
        return to("/sevis?said=user-id")

    @router.post("/batches")
    async def draw_up(
        request: Request,
        adviser: Staff,
        act: Annotated[Literal["ask", "draw"], Form()],
        add: Chosen = None,
        cancel: Chosen = None,
        campus: Annotated[forms.Line, Form()] = "",
    ) -> Response:
        sent, of_all = await request.form(), adviser.has("director")
        adds, cancels = add or [], cancel or []
        async with database.transaction() as connection:
            if act == "ask":
                await ask_for_batch(connection, adds, named(adviser), clock(), of_all=of_all)
                return to("/sevis?said=asked")
            order = Order({one: _words(sent, one) for one in adds}, cancels, campus or None)
            batch_id = await draw_up_batch(connection, named(adviser), order, batching, clock(), of_all=of_all)
        return to(f"/sevis/batches/{batch_id}?said=drawn-up")

    @router.get("/batches/{batch_id}")
    async def batch(request: Request, batch_id: str, adviser: Staff, said: str = "") -> Response:
        async with database.transaction() as connection:
            found = await show_batch(connection, batch_id, named(adviser), clock())
        return pages_of(request).render(request, "sevis_batch.html", batch=found, said=said)

    @router.get("/batches/{batch_id}/file")
    async def file(batch_id: str, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            content = await read_file(connection, batch_id, named(adviser), clock())
        return attached(content, "application/xml", f"{batch_id}.xml")

    @router.get("/batches/{batch_id}/papers/{number}")
    async def paper(batch_id: str, number: RowNumber, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            name, content = await read_paper(connection, batch_id, number, named(adviser), clock())
        return attached(content, "application/pdf", name)

    @router.post("/batches/{batch_id}/uploaded")
    async def uploaded(batch_id: str, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            await mark_uploaded(connection, batch_id, named(adviser), clock())
        return to(f"/sevis/batches/{batch_id}?said=uploaded")

    @router.post("/batches/{batch_id}/discard")
    async def discard(
        batch_id: str,
        adviser: Staff,
        reason: Text,
        not_uploaded: Annotated[bool, Form()],  # noqa: ARG001 the box must be ticked to send the form
    ) -> Response:
        async with database.transaction() as connection:
            await discard_batch(connection, batch_id, named(adviser), reason, clock())
        return to("/sevis?said=discarded")

    @router.post("/answers")
    async def answer(request: Request, adviser: Staff) -> Response:
        file = (await request.form()).get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Unfit(Fault("file", "missing", "Choose the log or the zip that SEVIS gave you."))
        batch_id = await give_back(database, clock, await file.read(), adviser)
        return to(f"/sevis/batches/{batch_id}?said=answered")

    return router


def _words(sent: FormData, request_id: str) -> SevisText:
    """The fields of one case carry its ID in their names; an absent one leaves our own words."""
    found = {name: sent.get(f"{name}.{request_id}") for name in ("employer", "course_relevance", "remarks")}
    return SevisText(**{name: visible(text)[:4000] for name, text in found.items() if isinstance(text, str)})
