"""Looking at cases: the list, the case, its data sheet, its documents, the whole file."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from review.cases.export_case_file import export_case_file
from review.cases.show_case import Wanted, list_cases
from review.cases.show_data_sheet import show_data_sheet
from review.cases.show_document import file_name, find_document, read_document
from review.cases.view import CaseView
from review.documents import Documents
from review.domain import CaseState
from review.http.callers import Reader, shown_by


def reading_router(database: Database, documents: Documents, clock: Clock) -> APIRouter:
    """Every reading is logged (FERPA 99.32)."""
    router = APIRouter(prefix="/api/cases", tags=["cases"])
    shown = shown_by(database, clock)

    @router.get("")
    async def cases(
        reader: Reader, state: CaseState | None = None, limit: Annotated[int | None, Query(ge=1, le=10_000)] = None
    ) -> list[CaseView]:
        async with database.transaction() as connection:
            return await list_cases(
                connection, Wanted(state=state, limit=limit, viewer=reader.sub), clock(), named(reader)
            )

    @router.get("/{request_id}")
    async def one_case(request_id: str, reader: Reader) -> CaseView:
        return await shown(request_id, reader)

    @router.get("/{request_id}/data-sheet")
    async def sheet(request_id: str, reader: Reader) -> dict[str, Any]:
        async with database.transaction() as connection:
            return await show_data_sheet(connection, request_id, named(reader), clock())

    @router.get("/{request_id}/documents/{number}", response_class=Response)
    async def document(request_id: str, number: Annotated[int, Path(ge=0, le=1_000_000)], reader: Reader) -> Response:
        async with database.transaction() as connection:
            found = await find_document(connection, request_id, number, named(reader), clock())
        content = await read_document(documents, found)
        disposition = f'inline; filename="{file_name(number, found)}"'
        return Response(content, media_type=found.media_type, headers={"Content-Disposition": disposition})

    @router.get("/{request_id}/file", response_class=Response)
    async def case_file(request_id: str, reader: Reader) -> Response:
        packed = await export_case_file(database, documents, request_id, named(reader), clock())
        name = f'attachment; filename="case-{request_id[:36]}.zip"'
        return Response(packed, media_type="application/zip", headers={"Content-Disposition": name})

    return router
