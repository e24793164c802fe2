"""What a student tells the office after the I-20 was issued, and warnings that the student confirms to have read."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Line, Text
from cpt.web.kept_forms import keep_refused
from intake.documents.accept_upload import Uploads
from intake.forms import ReportBody
from intake.line.unit_of_work import unit_of_work
from intake.pages.common import Student, pages_of, texts_of, to
from intake.pages.request_context import report_again, reported, request_context
from intake.student.acknowledge_warning import acknowledge_warning
from intake.student.answer_message import answer_message
from intake.student.report_change import report_change

Answer = Annotated[Text, Form(min_length=1, max_length=4000)]
Code = Annotated[Line, Form(min_length=1)]


def after_approval_pages(database: Database, uploads: Uploads, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/requests/{request_id}/report")
    async def report(request: Request, request_id: str, student: Student) -> Response:
        typed = await texts_of(request)
        try:
            body = ReportBody.model_validate(reported(typed))
        except ValidationError:
            if there := await keep_refused(request, f"/requests/{request_id}"):
                return to(there)
            shown = await request_context(database, uploads, clock(), request_id, student)
            shown |= {"report": report_again(typed)}
            return pages_of(request).render(request, "request.html", 422, **shown)
        async with unit_of_work(database, clock()) as work:
            await report_change(work, request_id, student, body.what, body.on, body.words)
        return to(f"/requests/{request_id}?said=reported")

    @router.post("/requests/{request_id}/acknowledge")
    async def acknowledge(request_id: str, student: Student, code: Code) -> Response:
        async with unit_of_work(database, clock()) as work:
            await acknowledge_warning(work, request_id, student, code)
        return to(f"/requests/{request_id}?said=read")

    @router.post("/requests/{request_id}/answer")
    async def answer(request_id: str, student: Student, text: Answer) -> Response:
        async with unit_of_work(database, clock()) as work:
            await answer_message(work, request_id, student, text)
        return to(f"/requests/{request_id}?said=answered#messages")

    return router
