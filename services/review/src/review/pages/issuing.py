"""The I-20: SPIRE is asked first, then the DSO types into SEVIS and records what was issued (P21)."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from cpt.web.problems import Problem
from review.cases.ask_for_issuance import ask_before_issuing
from review.cases.data_sheet import SevisText
from review.cases.record_i20 import IssuedDocument, record_i20
from review.pages.common import Staff, Text, Words, to
from review.settings import ReviewRules

Sha256 = Annotated[str, Form(pattern=r"^\s*[0-9a-fA-F]{64}\s*$")]


def issuing_pages(database: Database, rules: ReviewRules, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/cases/{request_id}/ask")
    async def ask_spire(request_id: str, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            await ask_before_issuing(connection, request_id, named(adviser), clock())
        return to(f"/cases/{request_id}#issue")

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
            answer = await record_i20(connection, request_id, named(adviser), document, clock(), rules.issuance_valid)
        return to(f"/cases/{request_id}?said={'issued' if answer == 'open' else 'kept'}#issue")

    return router
