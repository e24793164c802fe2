"""A document of a case in the browser, and the whole case file as an archive; reading is logged (FERPA 99.32)."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from cpt.contracts.documents import page_key
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from cpt.web.problems import not_found
from review.cases.export_case_file import gather_case_file, pack_case_file
from review.cases.show_document import find_document, read_document
from review.documents import Documents
from review.http.callers import Reader
from review.pages.common import Staff

_SHOWN = {"application/pdf", "image/png", "image/jpeg"}
Index = Annotated[int, Path(ge=1, le=100)]


def documents_pages(database: Database, documents: Documents, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/cases/{request_id}/documents/{index}")
    async def document(request_id: str, index: Index, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            found = await find_document(connection, request_id, index, named(adviser), clock())
        if found.media_type not in _SHOWN:
            raise not_found()
        content = await read_document(documents, found)
        return Response(content, media_type=found.media_type, headers=_inline(f"{found.kind}-{index}"))

    @router.get("/cases/{request_id}/documents/{index}/page-{page}.png")
    async def page_image(request_id: str, index: Index, page: Index, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            found = await find_document(connection, request_id, index, named(adviser), clock())
        content = await documents.read(page_key(found.object_key, page))
        if content is None:
            raise not_found()
        return Response(content, media_type="image/png")

    @router.get("/cases/{request_id}/file")
    async def case_file(request_id: str, reader: Reader) -> Response:
        async with database.transaction() as connection:
            facts = await gather_case_file(connection, request_id, named(reader), clock())
        packed = await pack_case_file(facts, documents, reader.sub, clock())
        name = f'attachment; filename="{facts["case"]["reference"]}.zip"'
        return Response(packed, media_type="application/zip", headers={"Content-Disposition": name})

    return router


def _inline(name: str) -> dict[str, str]:
    """Opened by the browser's own viewer, which needs its own styles; nothing else may run."""
    return {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
