"""The I-20: SPIRE is asked first, then the DSO types into SEVIS and records what was issued (P21)."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from cpt.web.problems import Problem
from review.alerts.settle_replacements import settle_replacements
from review.cases.ask_for_issuance import ask_before_issuing
from review.cases.data_sheet import SevisText
from review.cases.name_courses import name_courses
from review.cases.record_i20 import IssuedDocument, record_i20
from review.documents import Documents
from review.http.i20_file import keep_i20
from review.pages.common import Courses, Staff, Text, Words, chosen, to
from review.settings import ReviewRules

Sha256 = Annotated[str, Form(pattern=r"^\s*[0-9a-fA-F]{64}\s*$")]


def issuing_pages(database: Database, rules: ReviewRules, documents: Documents, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/cases/{request_id}/ask")
    async def ask_spire(request_id: str, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            await ask_before_issuing(connection, request_id, named(adviser), clock())
        return to(f"/cases/{request_id}#issue")

    @router.post("/cases/{request_id}/courses")
    async def courses(request_id: str, adviser: Staff, comment: Text, course: Courses = None) -> Response:
        async with database.transaction() as connection:
            said = chosen(course) or []
            named_now = await name_courses(connection, request_id, named(adviser), said, comment, clock())
            await settle_replacements(connection, request_id, named_now, named(adviser), clock())
        return to(f"/cases/{request_id}?said=course#courses")

    @router.post("/cases/{request_id}/i20/file")
    async def signed(request: Request, request_id: str, adviser: Staff) -> Response:
        file = (await request.form()).get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Problem(422, "missing", "No file was sent", "Choose the signed I-20, a PDF, and send it again.")
        await keep_i20(database, documents, request_id, named(adviser), await file.read(), clock())
        return to(f"/cases/{request_id}?said=file#issue")

    @router.post("/cases/{request_id}/i20")
    async def i20(
        request_id: str,
        adviser: Staff,
        sha256: Sha256,
        name: Text,
        issued_on: Annotated[date, Form()],
        signed_by: Text,
        sevis_confirmed: Annotated[bool, Form()],  # noqa: ARG001 the box must be ticked to send the form
        employer: Words = "",
        course_relevance: Words = "",
        remarks: Words = "",
    ) -> Response:
        if issued_on > eastern_date(clock()):
            raise Problem(
                422, "in_the_future", "The I-20 was not recorded", "An I-20 cannot have been issued on a day to come."
            )
        sevis = SevisText(employer or None, course_relevance or None, remarks or None)
        document = IssuedDocument(sha256.strip().lower(), name, issued_on, signed_by, sevis)
        async with database.transaction() as connection:  # commits also when the gate is closed: SPIRE is asked
            answer = await record_i20(
                connection,
                request_id,
                named(adviser),
                document,
                clock(),
                rules.issuance_valid,
                task_days=rules.task_escalation_days,
            )
        return to(f"/cases/{request_id}?said={'issued' if answer == 'open' else 'kept'}#issue")

    return router
