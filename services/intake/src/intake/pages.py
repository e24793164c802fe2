"""The student's pages: my requests, a new request, one request; plain forms on the same use cases as the API."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form
from cpt.web.idempotency import idempotency_key
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import plain_problem
from intake.documents.accept_upload import Uploads
from intake.documents.media_types import ACCEPTED
from intake.forms import ApplicationBody
from intake.line.complete_request import completing
from intake.spire import SpireDirectory
from intake.store import calendar_in_force
from intake.student.own_request import READERS, read_request
from intake.student.receive_document import Upload, receive_document
from intake.student.resubmit_request import resubmit_request
from intake.student.show_request import show_request, show_requests
from intake.student.submit_request import submit_request
from intake.student.withdraw_request import withdraw_request

Student = Annotated[Person, Depends(require("student"))]
Reader = Annotated[Person, Depends(require("student", *READERS))]
_CHUNK = 64 * 1024


def pages_router(  # noqa: C901 a list of routes, not a branch
    database: Database, uploads: Uploads, directory: SpireDirectory, clock: Clock
) -> APIRouter:
    """Every POST changes one thing and redirects to the page that shows it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def requests(request: Request, reader: Reader) -> Response:
        emplid = None if reader.has(*READERS) else reader.sub
        async with database.connection() as connection:
            mine = await show_requests(connection, emplid, None, clock())
        return _pages(request).render(request, "requests.html", requests=mine)

    @router.get("/requests/new")
    async def new(request: Request, _: Student) -> Response:
        return await blank(request, Form({"paid": "true", "employer_address.country": "US"}))

    @router.post("/requests")
    async def submit(request: Request, student: Student) -> Response:
        sent = await request.form()
        typed = {name: value for name, value in sent.items() if isinstance(value, str)}
        try:
            body = ApplicationBody.model_validate(_nested(sent))
        except ValidationError as error:
            return await blank(request, Form.invalid(typed, error.errors()), status=422)
        key = idempotency_key(typed.get("idempotency_key"))
        view = await submit_request(database, directory, student, key or "", body, clock())
        return _to(view["request_id"])

    @router.get("/requests/{request_id}")
    async def one(request: Request, request_id: str, reader: Reader) -> Response:
        async with database.connection() as connection:
            found = await read_request(connection, request_id, reader)
            view = await show_request(connection, found, clock())
        mine = found.emplid == reader.sub
        kinds = sorted(ACCEPTED)
        return _pages(request).render(
            request, "request.html", view=view, form=found.application, mine=mine, kinds=kinds
        )

    @router.post("/requests/{request_id}/documents")
    async def receive(request: Request, request_id: str, student: Student) -> Response:
        sent = await request.form()
        file, kind = sent.get("file"), sent.get("kind")
        if not isinstance(file, UploadFile) or not isinstance(kind, str) or kind not in ACCEPTED:
            raise plain_problem(422, "Choose a file and say what it is.")
        term = sent.get("term")
        strm = term if isinstance(term, str) and term else None
        upload = Upload(kind, strm, file.filename or kind, _chunks(file))
        await receive_document(database, uploads, request_id, student, upload, clock())
        return _to(request_id)

    @router.post("/requests/{request_id}/resubmit")
    async def resubmit(request: Request, request_id: str, student: Student) -> Response:
        note, now = (await request.form()).get("note"), clock()
        async with database.transaction() as connection, completing(connection, now):
            await resubmit_request(connection, request_id, student, str(note or ""), now)
        return _to(request_id)

    @router.post("/requests/{request_id}/withdraw")
    async def withdraw(request_id: str, student: Student) -> Response:
        async with database.transaction() as connection:
            await withdraw_request(connection, request_id, student, clock())
        return _to(request_id)

    async def blank(request: Request, form: Form, status: int = 200) -> Response:
        async with database.connection() as connection:
            terms = (await calendar_in_force(connection)).terms
        return _pages(request).render(request, "new.html", status, form=form, terms=terms)

    return router


def _nested(sent: FormData) -> Mapping[str, Any]:
    """`employer_address.street` becomes an address, `terms` a list, the one work place a list of one."""
    body: dict[str, Any] = {"terms": [term for term in sent.getlist("terms") if isinstance(term, str)]}
    place: dict[str, str] = {}
    for name, value in sent.items():
        if not isinstance(value, str) or name in ("csrf_token", "idempotency_key", "terms"):
            continue
        group, _, part = name.partition(".")
        if name in ("paid", "already_started"):
            body[name] = value == "true"
        elif group == "work_location":
            place[part] = value
        elif part:
            body.setdefault(group, {})[part] = value
        else:
            body[name] = value
    body["work_locations"] = [place] if any(place.get(part) for part in ("street", "city")) else []
    return body


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _to(request_id: str) -> Response:
    return RedirectResponse(f"/requests/{request_id}", 303)
