"""The page of the person a student consulted: no account, a code from the mail, which travels in bodies only (R20).

Opening it decides nothing, for mail scanners open links; the code is in the link's fragment, which no server is sent.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.signed_codes import question_of
from cpt.postgres import Connection, Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Line, Text
from cpt.web.limits import Rate
from cpt.web.problems import overload
from intake.consultations import Question, answer_question, find_question
from intake.pages.common import pages_of

Code = Annotated[Line, Form(max_length=100)]
PER_SECOND = 5.0
"""Codes that one address may try."""


def consultation_pages(database: Database, key: str, clock: Clock) -> APIRouter:
    router, rate = APIRouter(include_in_schema=False), Rate(PER_SECOND)

    async def found(connection: Connection, request: Request, code: str) -> Question | None:
        """Raises 429 to an address that tries too many."""
        if wait := rate.take(request.client.host if request.client else ""):
            raise overload(429, wait)
        consultation_id = question_of(key, code, clock())
        return await find_question(connection, consultation_id) if consultation_id else None

    @router.get("/consultation")
    async def enter(request: Request) -> Response:
        return pages_of(request).render(request, "consultation.html", question=None, code="", wrong=False)

    @router.post("/consultation")
    async def show(request: Request, code: Code = "") -> Response:
        async with database.connection() as connection:
            question = await found(connection, request, code)
        return _page(request, question, code)

    @router.post("/consultation/answer")
    async def answer(
        request: Request,
        answer: Annotated[Literal["confirmed", "not_held"], Form()],
        code: Code = "",
        comment: Annotated[Text, Form(max_length=1000)] = "",
    ) -> Response:
        async with database.transaction() as connection:
            question = await found(connection, request, code)
            if question is not None:
                await answer_question(connection, question, answer, comment, clock())
                question = await find_question(connection, question.consultation_id)
        return _page(request, question, code)

    return router


def _page(request: Request, question: Question | None, code: str) -> Response:
    status, kept = (200, code) if question else (404, "")
    shown: dict[str, Any] = {"question": question, "code": kept, "wrong": question is None}
    return pages_of(request).render(request, "consultation.html", status, **shown)
