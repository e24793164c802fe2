"""Taking a case, deciding it, handing it over."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, StrictBool

from cpt.contracts.review import ReturnReason
from cpt.contracts.values import Person as Named
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import WrittenDate
from cpt.web.idempotency import IdempotencyKey
from cpt.web.people import named
from cpt.web.validation import at_most
from review.cases.approve_case import Approval, approve_case
from review.cases.decide_case import deny_case, return_case
from review.cases.hand_over_case import give_back_case, reassign_case
from review.cases.show_case import show_case
from review.cases.view import CaseView
from review.http.callers import Adviser, Body, Director, Line, ReasonBody, Text, shown_by
from review.http.courses import Courses
from review.line.assign_next_case import assign_next_case
from review.settings import ReviewRules


class ApproveBody(Body):
    authorized_start: WrittenDate | None = None
    reason: Text | None = None
    flags_accepted: Annotated[tuple[Line, ...], Field(max_length=100), at_most(100)] = ()
    courses: Courses | None = None


class ReasonToMend(Body):
    text: Text
    item: Line | None = None


class ReturnBody(Body):
    reasons: Annotated[list[ReasonToMend], Field(min_length=1, max_length=50), at_most(50)]
    office_error: StrictBool = False


class ReassignBody(Body):
    to: Line


def deciding_router(database: Database, rules: ReviewRules, clock: Clock) -> APIRouter:
    """Every POST answers with the whole case, or says why not by a stable code."""
    router = APIRouter(prefix="/api/cases", tags=["cases"])
    shown = shown_by(database, clock)

    @router.post(
        "/next", response_model=None, responses={204: {"description": "No case is waiting, or the line is held"}}
    )
    async def next_case(adviser: Adviser, key: IdempotencyKey) -> CaseView | Response:
        async with database.transaction() as connection:
            request_id = await assign_next_case(connection, named(adviser), key, clock())
            if request_id is None:
                return Response(status_code=204)
            return await show_case(connection, request_id, named(adviser), clock())

    @router.post("/{request_id}/approve")
    async def approve(request_id: str, body: ApproveBody, adviser: Adviser) -> CaseView:
        courses = None if body.courses is None else [course.named() for course in body.courses]
        approval = Approval(body.flags_accepted, body.authorized_start, body.reason, courses)
        async with database.transaction() as connection:
            days = rules.task_escalation_days
            await approve_case(connection, request_id, named(adviser), approval, clock(), task_days=days)
        return await shown(request_id, adviser)

    @router.post("/{request_id}/return")
    async def give_to_student(request_id: str, body: ReturnBody, adviser: Adviser) -> CaseView:
        reasons = [ReturnReason(text=reason.text, item=reason.item) for reason in body.reasons]
        async with database.transaction() as connection:
            await return_case(connection, request_id, named(adviser), reasons, clock(), office_error=body.office_error)
        return await shown(request_id, adviser)

    @router.post("/{request_id}/deny")
    async def deny(request_id: str, body: ReasonBody, adviser: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await deny_case(connection, request_id, named(adviser), body.reason, clock())
        return await shown(request_id, adviser)

    @router.post("/{request_id}/give-back")
    async def give_back(request_id: str, body: ReasonBody, adviser: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await give_back_case(connection, request_id, named(adviser), body.reason, clock())
        return await shown(request_id, adviser)

    @router.post("/{request_id}/reassign")
    async def reassign(request_id: str, body: ReassignBody, director: Director) -> CaseView:
        to = Named(sub=body.to, name=None, email=None)
        async with database.transaction() as connection:
            await reassign_case(connection, request_id, named(director), to, clock())
        return await shown(request_id, director)

    return router
