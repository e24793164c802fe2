"""Intake's HTTP API: parse, call, return (docs/api)."""

from email.message import Message
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import ValidationError

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import is_form
from cpt.web.idempotency import RequiredIdempotencyKey
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import plain_problem
from cpt.web.validation import field_errors
from intake.documents.accept_upload import Uploads
from intake.forms import ApplicationBody, LookBody, NoteBody
from intake.line.unit_of_work import unit_of_work
from intake.spire import SpireDirectory
from intake.student.ask_for_change import ask_for_change
from intake.student.correct_request import correct_request
from intake.student.fetch_i20 import fetch_i20
from intake.student.http import i20_download
from intake.student.own_request import READERS, read_request
from intake.student.quotas import Quotas
from intake.student.receive_document import Upload, receive_document
from intake.student.request_manual_check import request_manual_check
from intake.student.resubmit_request import resubmit_request
from intake.student.show_request import RequestView, show_request, show_requests
from intake.student.submit_request import submit_request
from intake.student.withdraw_request import withdraw_request

Student = Annotated[Person, Depends(require("student"))]
Reader = Annotated[Person, Depends(require("student", *READERS))]
Kind = Literal[
    "offer_letter",
    "handshake_contract",
    "enrollment_proof",
    "coop_permission_form",
    "coop_registration_email",
    "externship_paperwork",
]
_SOME_FIELDS = {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApplicationBody"}}}}
}
_I20: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
_RAW_FILE = {"requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}, "required": True}}


def requests_router(  # noqa: C901 a list of routes, not a branch
    database: Database, uploads: Uploads, directory: SpireDirectory, clock: Clock, quotas: Quotas
) -> APIRouter:
    """What a student does with requests, and what advisers may read."""
    router = APIRouter(prefix="/api/requests", tags=["requests"])

    async def shown(request_id: str, person: Person) -> RequestView:
        async with database.connection() as connection:
            return await show_request(connection, await read_request(connection, request_id, person), clock())

    @router.post("", status_code=201, response_model=RequestView)
    async def submit(student: Student, body: ApplicationBody, key: RequiredIdempotencyKey) -> dict[str, Any]:
        return await submit_request(database, directory, student, key, body, clock(), quotas)

    @router.post("/{request_id}/change", status_code=201, response_model=RequestView, openapi_extra=_SOME_FIELDS)
    async def change(
        request_id: str, changes: Annotated[dict[str, Any], Body()], student: Student, key: RequiredIdempotencyKey
    ) -> dict[str, Any]:
        """Asks to extend or change what was issued: the fields that differ; answers with the new request."""
        try:
            return await ask_for_change(database, directory, request_id, student, key, changes, clock(), quotas)
        except ValidationError as error:
            raise plain_problem(422, errors=field_errors(error.errors())) from None

    @router.get("")
    async def requests(
        reader: Reader, limit: Annotated[int | None, Query(ge=1, le=10_000)] = None
    ) -> list[RequestView]:
        emplid = None if reader.has(*READERS) else reader.sub
        async with database.connection() as connection:
            return await show_requests(connection, emplid, limit, clock())

    @router.get("/{request_id}")
    async def one_request(request_id: str, reader: Reader) -> RequestView:
        return await shown(request_id, reader)

    @router.patch("/{request_id}", openapi_extra=_SOME_FIELDS)
    async def correct(
        request_id: str,
        changes: Annotated[dict[str, Any], Body()],
        student: Student,
        confirm: Literal["new_place"] | None = None,
    ) -> RequestView:
        try:
            await correct_request(database, request_id, student, changes, clock(), confirmed=confirm == "new_place")
        except ValidationError as error:
            raise plain_problem(422, errors=field_errors(error.errors())) from None
        return await shown(request_id, student)

    @router.put("/{request_id}/documents/{kind}", openapi_extra=_RAW_FILE)
    async def receive(
        request_id: str, kind: Kind, student: Student, request: Request, term: str | None = None
    ) -> RequestView:
        if is_form(request):
            raise plain_problem(415, "Send the file itself as the body, not a form that holds it.")
        upload = Upload(kind, term, file_name(request.headers.get("content-disposition")), request.stream())
        await receive_document(database, uploads, request_id, student, upload, clock(), quotas)
        return await shown(request_id, student)

    @router.get("/{request_id}/i20", response_class=Response, responses=_I20)
    async def i20(request_id: str, student: Student) -> Response:
        return i20_download(await fetch_i20(database, uploads.store, request_id, student, clock()))

    @router.post("/{request_id}/please-look")
    async def please_look(request_id: str, body: LookBody, student: Student) -> RequestView:
        async with unit_of_work(database, clock()) as work:
            await request_manual_check(work, request_id, student, body.at, body.why)
        return await shown(request_id, student)

    @router.post("/{request_id}/resubmit")
    async def resubmit(request_id: str, body: NoteBody, student: Student) -> RequestView:
        async with unit_of_work(database, clock()) as work:
            await resubmit_request(work, request_id, student, body.note)
        return await shown(request_id, student)

    @router.post("/{request_id}/withdraw")
    async def withdraw(request_id: str, student: Student) -> RequestView:
        async with unit_of_work(database, clock()) as work:
            await withdraw_request(work, request_id, student)
        return await shown(request_id, student)

    return router


def file_name(disposition: str | None) -> str:
    """The name in a Content-Disposition, as it came."""
    header = Message()
    if disposition:
        header["Content-Disposition"] = disposition
    return header.get_filename() or ""
