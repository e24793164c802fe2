"""The I-20, and what becomes of an authorization later."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BeforeValidator, Field

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Text as AnyText
from cpt.web.forms import WrittenDate
from cpt.web.people import named
from cpt.web.problems import FieldError, plain_problem
from review.alerts.settle_replacements import settle_replacements
from review.authorizations import Change
from review.cases.ask_for_issuance import ask_before_issuing
from review.cases.change_authorization import change_authorization
from review.cases.data_sheet import SevisText
from review.cases.name_courses import name_courses
from review.cases.record_i20 import IssuedDocument, record_i20
from review.cases.view import CaseView
from review.domain import Fault, Unfit, require_open
from review.http.callers import Adviser, Body, Line, Text, shown_by
from review.http.courses import Courses
from review.settings import ReviewRules


def _no_number(value: object) -> object:
    """For pydantic 1 is true, too."""
    return value if isinstance(value, bool) else None


class DocumentBody(Body):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    name: Line


class I20Body(Body):
    document: DocumentBody
    issued_on: WrittenDate
    signed_by: Line
    sevis_confirmed: Annotated[Literal[True], BeforeValidator(_no_number)]
    employer: AnyText | None = None
    course_relevance: AnyText | None = None
    remarks: AnyText | None = None


class ChangeBody(Body):
    change: Literal["cancel", "shorten"]
    until: WrittenDate | None = None
    reason: Text


class CoursesBody(Body):
    courses: Annotated[Courses, Field(min_length=1)]
    comment: AnyText = ""


def issuing_router(database: Database, rules: ReviewRules, clock: Clock) -> APIRouter:
    """Recording an I-20 commits also when the gate is closed: SPIRE is asked then (P21)."""
    router = APIRouter(prefix="/api/cases", tags=["cases"])
    shown = shown_by(database, clock)

    @router.post("/{request_id}/ask")
    async def ask(request_id: str, adviser: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await ask_before_issuing(connection, request_id, named(adviser), clock())
        return await shown(request_id, adviser)

    @router.post("/{request_id}/i20")
    async def i20(request_id: str, body: I20Body, adviser: Adviser) -> CaseView:
        if body.issued_on > eastern_date(clock()):
            error = FieldError("issued_on", "in_the_future", "An I-20 cannot have been issued on a day to come.")
            raise plain_problem(422, errors=[error])
        sevis = SevisText(body.employer, body.course_relevance, body.remarks)
        document = IssuedDocument(body.document.sha256, body.document.name, body.issued_on, body.signed_by, sevis)
        async with database.transaction() as connection:
            opinion = await record_i20(
                connection,
                request_id,
                named(adviser),
                document,
                clock(),
                rules.issuance_valid,
                task_days=rules.task_escalation_days,
            )
        require_open(opinion)
        return await shown(request_id, adviser)

    @router.post("/{request_id}/courses")
    async def courses(request_id: str, body: CoursesBody, adviser: Adviser) -> CaseView:
        said = [course.named() for course in body.courses]
        async with database.transaction() as connection:
            named_now = await name_courses(connection, request_id, named(adviser), said, body.comment, clock())
            await settle_replacements(connection, request_id, named_now, named(adviser), clock())
        return await shown(request_id, adviser)

    @router.post("/{request_id}/authorization")
    async def change(request_id: str, body: ChangeBody, adviser: Adviser) -> CaseView:
        asked = _asked(body)
        async with database.transaction() as connection:
            await change_authorization(connection, request_id, named(adviser), asked, clock())
        return await shown(request_id, adviser)

    return router


def _asked(body: ChangeBody) -> Change:
    """Raises `Unfit`."""
    if body.change == "shorten" and body.until is None:
        raise Unfit(Fault("until", "missing", "Which day is the new last one?"))
    if body.change == "cancel" and body.until is not None:
        raise Unfit(Fault("until", "not_expected", "A canceled authorization has no last day; shorten it instead."))
    return Change(body.until, body.reason)
