"""SEVIS batches: what is ready, the file, SEVIS's answer."""

from asyncio import to_thread
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.addresses import AtMost, RowNumber
from cpt.web.forms import Text as AnyText
from cpt.web.forms import is_form
from cpt.web.people import named
from cpt.web.problems import plain_problem
from cpt.web.validation import at_most
from review.cases.data_sheet import SevisText
from review.domain import Fault, Unfit
from review.http.callers import Adviser, Body, Line, Text
from review.sevis.carry_batch import discard_batch, mark_uploaded, read_file, set_user_id
from review.sevis.domain import MOST_RECORDS
from review.sevis.draw_up_batch import Batching, Order, draw_up_batch
from review.sevis.show_batches import list_batches, read_paper, show_batch, show_ready
from review.sevis.take_answer import read_answer, take_answer

RequestIds = Annotated[tuple[Line, ...], Field(max_length=MOST_RECORDS), at_most(MOST_RECORDS)]
_FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class UserIdBody(Body):
    user_id: Line


class AddBody(Body):
    request_id: Line
    employer: AnyText | None = None
    course_relevance: AnyText | None = None
    remarks: AnyText | None = None


class BatchBody(Body):
    adds: Annotated[tuple[AddBody, ...], Field(max_length=MOST_RECORDS), at_most(MOST_RECORDS)] = ()
    cancels: RequestIds = ()
    campus: Line | None = None


class DiscardBody(Body):
    reason: Text
    not_uploaded: Literal[True]


def sevis_router(database: Database, batching: Batching, clock: Clock) -> APIRouter:  # noqa: C901 a list of routes
    """The system never connects to SEVIS: a DSO carries the file there, and the answer back."""
    router = APIRouter(prefix="/api/sevis", tags=["SEVIS batches"])

    async def shown(batch_id: str, reader: Adviser) -> dict[str, Any]:
        async with database.transaction() as connection:
            return await show_batch(connection, batch_id, named(reader), clock())

    @router.get("/ready")
    async def ready(reader: Adviser) -> dict[str, Any]:
        async with database.transaction() as connection:
            return await show_ready(connection, named(reader), batching, clock(), of_all=reader.has("director"))

    @router.put("/user-id", status_code=204)
    async def user_id(body: UserIdBody, adviser: Adviser) -> None:
        async with database.transaction() as connection:
            await set_user_id(connection, named(adviser), body.user_id, clock())

    @router.get("/batches")
    async def batches(_: Adviser, limit: AtMost = None) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return await list_batches(connection, limit)

    @router.post("/batches", status_code=201)
    async def draw_up(body: BatchBody, adviser: Adviser) -> dict[str, Any]:
        adds = {add.request_id: SevisText(add.employer, add.course_relevance, add.remarks) for add in body.adds}
        order = Order(adds, body.cancels, body.campus)
        async with database.transaction() as connection:
            batch_id = await draw_up_batch(
                connection, named(adviser), order, batching, clock(), of_all=adviser.has("director")
            )
        return await shown(batch_id, adviser)

    @router.get("/batches/{batch_id}")
    async def one_batch(batch_id: str, reader: Adviser) -> dict[str, Any]:
        return await shown(batch_id, reader)

    @router.get("/batches/{batch_id}/file", response_class=Response)
    async def file(batch_id: str, adviser: Adviser) -> Response:
        async with database.transaction() as connection:
            content = await read_file(connection, batch_id, named(adviser), clock())
        return attached(content, "application/xml", f"{batch_id}.xml")

    @router.post("/batches/{batch_id}/uploaded")
    async def uploaded(batch_id: str, adviser: Adviser) -> dict[str, Any]:
        async with database.transaction() as connection:
            await mark_uploaded(connection, batch_id, named(adviser), clock())
        return await shown(batch_id, adviser)

    @router.post("/batches/{batch_id}/discard")
    async def discard(batch_id: str, body: DiscardBody, adviser: Adviser) -> dict[str, Any]:
        async with database.transaction() as connection:
            await discard_batch(connection, batch_id, named(adviser), body.reason, clock())
        return await shown(batch_id, adviser)

    @router.get("/batches/{batch_id}/papers/{number}", response_class=Response)
    async def paper(batch_id: str, number: RowNumber, reader: Adviser) -> Response:
        async with database.transaction() as connection:
            name, content = await read_paper(connection, batch_id, number, named(reader), clock())
        return attached(content, "application/pdf", name)

    @router.post("/answers", openapi_extra=_FILE)
    async def answer(request: Request, adviser: Adviser) -> dict[str, Any]:
        if is_form(request):
            raise plain_problem(415, "Send the file itself as the body, not a form that holds it.")
        batch_id = await give_back(database, clock, await request.body(), adviser)
        return await shown(batch_id, adviser)

    return router


async def give_back(database: Database, clock: Clock, content: bytes, person: Adviser) -> str:
    """The batch's ID; a log that does not fit is kept with its faults, and then refused. Raises `Unfit`."""
    found = await to_thread(read_answer, content)
    async with database.transaction() as connection:
        batch_id, faults = await take_answer(connection, found, named(person), clock())
    if faults:
        raise Unfit(*(Fault("answer", "does_not_fit", fault) for fault in faults))
    return batch_id


def attached(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
