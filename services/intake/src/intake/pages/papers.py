"""Uploads of a request, and a look at what was sent: the file itself, or the pages of the letter as pictures."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.problems import not_found, plain_problem
from intake.documents.accept_upload import Uploads
from intake.documents.media_types import ACCEPTED
from intake.documents.refusals import DocumentRefused
from intake.pages.common import Reader, Student, to
from intake.store import current_documents
from intake.student.fetch_i20 import fetch_i20
from intake.student.http import i20_download
from intake.student.own_request import read_request
from intake.student.quotas import Quotas
from intake.student.receive_document import Upload, receive_document

_CHUNK = 64 * 1024
_TERM = re.compile(r"[0-9A-Za-z]{1,8}")
Number = Annotated[int, Path(ge=1, le=100)]


def papers_pages(database: Database, uploads: Uploads, clock: Clock, quotas: Quotas) -> APIRouter:
    router = APIRouter()

    @router.post("/requests/{request_id}/documents")
    async def receive(request: Request, request_id: str, student: Student) -> Response:
        sent = await request.form()
        upload, about, place = upload_of(sent)
        if upload is None:
            return to(f"/requests/{request_id}?refused=none&{about}#{place or 'missing'}")
        try:
            await receive_document(database, uploads, request_id, student, upload, clock(), quotas)
        except DocumentRefused as refused:
            return to(f"/requests/{request_id}?refused={refused.code}&{about}#{place or 'missing'}")
        return to(f"/requests/{request_id}?said=received&{about}#{place or 'missing'}")

    @router.get("/requests/{request_id}/documents/{index}")
    async def look(request_id: str, index: Number, reader: Reader) -> Response:
        async with database.connection() as connection:
            found = await read_request(connection, request_id, reader)
            papers = await current_documents(connection, found.request_id)
        if index > len(papers):
            raise not_found()
        paper = papers[index - 1]
        headers = {
            "Content-Disposition": f'inline; filename="{paper.kind}"',
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        }
        return Response(await uploads.store.read(paper.object_key), media_type=paper.media_type, headers=headers)

    @router.get("/requests/{request_id}/i20")
    async def i20(request_id: str, student: Student) -> Response:
        return i20_download(await fetch_i20(database, uploads.store, request_id, student, clock()))

    @router.get("/requests/{request_id}/letter/page-{page}.png")
    async def letter_page(request_id: str, page: Number, reader: Reader) -> Response:
        async with database.connection() as connection:
            found = await read_request(connection, request_id, reader)
            papers = await current_documents(connection, found.request_id)
        letter = next((paper for paper in papers if paper.kind == "offer_letter"), None)
        picture = await uploads.page_picture(letter.object_key, page) if letter else None
        if picture is None:
            raise not_found()
        return Response(picture, media_type="image/png")

    return router


def upload_of(sent: FormData) -> tuple[Upload | None, str, str]:
    """What was chosen, None for no file; how an address tells which paper it is; and its place on the page."""
    file, kind, term, part = (sent.get(name) for name in ("file", "kind", "term", "part"))
    if not isinstance(kind, str) or kind not in ACCEPTED:
        raise plain_problem(422, "Say what the file is.")
    strm = term if isinstance(term, str) and _TERM.fullmatch(term) else None
    about = f"kind={kind}" + (f"&term={strm}" if strm else "")
    place = f"part-paper-{part}" if isinstance(part, str) and part.isdecimal() else ""
    if not isinstance(file, UploadFile) or not file.filename:
        return None, about, place
    return Upload(kind, strm, file.filename, _chunks(file)), about, place


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk
