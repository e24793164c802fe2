"""What a student tells after the approval, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import require
from cpt.web.person import Person
from intake.forms import AnswerBody, ReportBody, WarningBody
from intake.line.unit_of_work import unit_of_work
from intake.student.acknowledge_warning import acknowledge_warning
from intake.student.answer_message import answer_message
from intake.student.own_request import find_own
from intake.student.report_change import report_change
from intake.student.show_request import RequestView, show_request

Student = Annotated[Person, Depends(require("student"))]


def after_approval_router(database: Database, clock: Clock) -> APIRouter:
    """Each answers with the whole request."""
    router = APIRouter(prefix="/api/requests", tags=["after approval"])

    async def shown(request_id: str, student: Person) -> RequestView:
        async with database.connection() as connection:
            return await show_request(connection, await find_own(connection, request_id, student), clock())

    @router.post("/{request_id}/report")
    async def report(request_id: str, body: ReportBody, student: Student) -> RequestView:
        async with unit_of_work(database, clock()) as work:
            await report_change(work, request_id, student, body.what, body.on, body.words)
        return await shown(request_id, student)

    @router.post("/{request_id}/acknowledge")
    async def acknowledge(request_id: str, body: WarningBody, student: Student) -> RequestView:
        async with unit_of_work(database, clock()) as work:
            await acknowledge_warning(work, request_id, student, body.code)
        return await shown(request_id, student)

    @router.post("/{request_id}/answer")
    async def answer(request_id: str, body: AnswerBody, student: Student) -> RequestView:
        async with unit_of_work(database, clock()) as work:
            await answer_message(work, request_id, student, body.text)
        return await shown(request_id, student)

    return router


def i20_download(content: bytes) -> Response:
    """Private, and opened as nothing but what it is."""
    headers = {"Content-Disposition": 'attachment; filename="CPT-I-20.pdf"', "Cache-Control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
