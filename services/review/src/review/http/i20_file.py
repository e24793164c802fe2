"""The signed I-20 as a file: raw by the API, from a form by the page (A28)."""

import hashlib
from datetime import datetime

from fastapi import APIRouter, Request

from cpt.contracts.values import DocumentRef
from cpt.contracts.values import Person as Named
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from cpt.web.problems import plain_problem
from review.cases.deliver_i20 import add_i20_file, key_of, require_recorded
from review.cases.view import CaseView
from review.documents import Documents
from review.http.callers import Adviser, shown_by

PDF = "application/pdf"
_RAW_PDF = {"requestBody": {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}, "required": True}}


def i20_file_router(database: Database, documents: Documents, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/api/cases", tags=["cases"])
    shown = shown_by(database, clock)

    @router.put("/{request_id}/i20/file", openapi_extra=_RAW_PDF)
    async def file(request_id: str, request: Request, adviser: Adviser) -> CaseView:
        if request.headers.get("content-type", PDF).partition(";")[0].strip().lower() != PDF:
            raise plain_problem(415, "Send the I-20 itself, as application/pdf.")
        await keep_i20(database, documents, request_id, named(adviser), await request.body(), clock())
        return await shown(request_id, adviser)

    return router


async def keep_i20(
    database: Database, documents: Documents, request_id: str, dso: Named, content: bytes, now: datetime
) -> None:
    """Stored only where it is the recorded one. Raises a 415, or like `require_recorded`."""
    if not content.startswith(b"%PDF-"):
        raise plain_problem(415, "This is no PDF.")
    sha256 = hashlib.sha256(content).hexdigest()
    async with database.transaction() as connection:
        standing = await require_recorded(connection, request_id, dso, sha256)
    file = DocumentRef(
        kind="i20",
        strm=None,
        object_key=key_of(request_id, sha256),
        sha256=sha256,
        size=len(content),
        media_type=PDF,
        name=standing.issued.document.name,
    )
    await documents.put(file.object_key, content)
    async with database.transaction() as connection:
        await add_i20_file(connection, request_id, dso, file, now)
