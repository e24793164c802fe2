"""The search of the header, and the page of one student; what was typed is in no address."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.campus.office_texts import title_of_mail
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.people import named
from review.alerts.http import viewer_of
from review.http.callers import Reader
from review.pages.common import pages_of
from review.search.find import MOST, find
from review.search.show_student import show_student

Asked = Annotated[forms.Line, Form()]


def search_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/search")
    async def empty(request: Request, _: Reader) -> Response:
        return pages_of(request).render(request, "search.html", hits=None, searched="", most=MOST)

    @router.post("/search")
    async def search(request: Request, reader: Reader, q: Asked = "") -> Response:
        async with database.transaction() as connection:
            hits = await find(connection, q, named(reader), viewer_of(reader), clock())
        return pages_of(request).render(request, "search.html", hits=hits, searched=q, most=MOST)

    @router.get("/students/{request_id}")
    async def student(request: Request, request_id: str, reader: Reader) -> Response:
        async with database.transaction() as connection:
            found = await show_student(connection, request_id, named(reader), viewer_of(reader), clock())
        shown: dict[str, Any] = {"today": eastern_date(clock()), "mail_title": title_of_mail}
        return pages_of(request).render(request, "student.html", student=found, **shown)

    return router
