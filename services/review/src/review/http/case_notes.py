"""What stands beside the decisions: notes, messages, legal holds."""

from fastapi import APIRouter

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from review.cases.place_legal_hold import lift_legal_hold, place_legal_hold
from review.cases.view import CaseView
from review.cases.write_case_notes import add_note, message_student
from review.http.callers import Adviser, Body, Director, Reader, ReasonBody, Text, shown_by


class TextBody(Body):
    text: Text


def case_notes_router(database: Database, clock: Clock) -> APIRouter:
    """Notes are for staff alone; a message goes to the student (A20)."""
    router = APIRouter(prefix="/api/cases", tags=["cases"])
    shown = shown_by(database, clock)

    @router.post("/{request_id}/notes")
    async def note(request_id: str, body: TextBody, author: Reader) -> CaseView:
        async with database.transaction() as connection:
            await add_note(connection, request_id, named(author), body.text, clock())
        return await shown(request_id, author)

    @router.post("/{request_id}/messages")
    async def message(request_id: str, body: TextBody, author: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await message_student(connection, request_id, named(author), body.text, clock())
        return await shown(request_id, author)

    @router.post("/{request_id}/hold")
    async def hold(request_id: str, body: ReasonBody, director: Director) -> CaseView:
        async with database.transaction() as connection:
            await place_legal_hold(connection, request_id, named(director), body.reason, clock())
        return await shown(request_id, director)

    @router.post("/{request_id}/unhold")
    async def unhold(request_id: str, body: ReasonBody, director: Director) -> CaseView:
        async with database.transaction() as connection:
            await lift_legal_hold(connection, request_id, named(director), body.reason, clock())
        return await shown(request_id, director)

    return router
