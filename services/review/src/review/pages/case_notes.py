"""What stands beside the decisions on a case's page: notes, messages, legal holds, a later change."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.people import named
from review.authorizations import Change
from review.cases.change_authorization import change_authorization
from review.cases.place_legal_hold import lift_legal_hold, place_legal_hold
from review.cases.write_case_notes import add_note, message_student
from review.domain import Fault, Unfit
from review.pages.common import Director, Staff, Text, day_of, to


def case_notes_pages(database: Database, clock: Clock) -> APIRouter:
    """Notes are for staff alone; a message goes to the student (A20)."""
    router = APIRouter()

    @router.post("/cases/{request_id}/notes")
    async def note(request_id: str, author: Staff, text: Text) -> Response:
        async with database.transaction() as connection:
            await add_note(connection, request_id, named(author), text, clock())
        return to(f"/cases/{request_id}?said=noted#notes")

    @router.post("/cases/{request_id}/messages")
    async def message(request_id: str, author: Staff, text: Text) -> Response:
        async with database.transaction() as connection:
            await message_student(connection, request_id, named(author), text, clock())
        return to(f"/cases/{request_id}?said=written#messages")

    @router.post("/cases/{request_id}/hold")
    async def hold(
        request_id: str, director: Director, reason: Text, act: Annotated[Literal["place", "lift"], Form()]
    ) -> Response:
        decide = place_legal_hold if act == "place" else lift_legal_hold
        async with database.transaction() as connection:
            await decide(connection, request_id, named(director), reason, clock())
        return to(f"/cases/{request_id}")

    @router.post("/cases/{request_id}/authorization")
    async def change(
        request_id: str,
        adviser: Staff,
        reason: Text,
        act: Annotated[Literal["cancel", "shorten"], Form()],
        until: Annotated[forms.Line, Form()] = "",
    ) -> Response:
        last = day_of(until) if act == "shorten" else None
        if act == "shorten" and last is None:
            raise Unfit(Fault("until", "missing", "Which day is the new last one?"))
        async with database.transaction() as connection:
            await change_authorization(connection, request_id, named(adviser), Change(last, reason), clock())
        return to(f"/cases/{request_id}?said=changed#issue")

    return router
