"""What a student tells the office after the I-20 was issued, and warnings that the student confirms to have read."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form as Typed
from cpt.web.forms import Line
from intake.documents.accept_upload import Uploads
from intake.forms import ReportBody
from intake.pages.common import Student, pages_of, texts_of, to
from intake.pages.standing import standing_of
from intake.student.acknowledge_warning import acknowledge_warning
from intake.student.report_change import report_change

Code = Annotated[Line, Form(min_length=1)]


def after_approval_pages(database: Database, uploads: Uploads, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/requests/{request_id}/report")
    async def report(request: Request, request_id: str, student: Student) -> Response:
        typed = {name: text for name, text in (await texts_of(request)).items() if name in ReportBody.model_fields}
        try:
            body = ReportBody.model_validate(typed)
        except ValidationError as error:
            shown = await standing_of(database, uploads, clock(), request_id, student)
            found = [finding | {"loc": finding["loc"] or ("words",)} for finding in error.errors()]
            shown |= {"report": Typed.invalid(typed, found)}
            return pages_of(request).render(request, "request.html", 422, **shown)
        async with database.transaction() as connection:
            await report_change(connection, request_id, student, body.what, body.on, body.words, clock())
        return to(f"/requests/{request_id}?said=reported")

    @router.post("/requests/{request_id}/acknowledge")
    async def acknowledge(request_id: str, student: Student, code: Code) -> Response:
        async with database.transaction() as connection:
            await acknowledge_warning(connection, request_id, student, code, clock())
        return to(f"/requests/{request_id}?said=read")

    return router
