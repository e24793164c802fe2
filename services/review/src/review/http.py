"""Review's HTTP API: parse, call, return (interfaces §3)."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cpt.campus.clock import eastern_date
from cpt.contracts.review import ReturnReason
from cpt.contracts.values import Person as Named
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.idempotency import IdempotencyKey
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import FieldError, plain_problem
from review.cases.decide_case import Approval, approve_case, deny_case, return_case
from review.cases.export_case_file import gather_case_file, pack_case_file
from review.cases.hand_over_case import give_back_case, reassign_case
from review.cases.record_i20 import IssuedDocument, record_i20
from review.cases.show_case import CaseView, Wanted, list_cases, show_case
from review.documents import Documents
from review.domain import CaseState, require_open
from review.line.assign_next_case import assign_next_case
from review.line.pass_over_hole import pass_over_hole
from review.line.show_line import list_assignments, show_line
from review.settings import ReviewRules

Adviser = Annotated[Person, Depends(require("adviser", "director"))]
Director = Annotated[Person, Depends(require("director"))]
Reader = Annotated[Person, Depends(require("adviser", "director", "compliance"))]
LineReader = Annotated[Person, Depends(require("adviser", "director", "compliance", "operations"))]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ApproveBody(Body):
    authorized_start: date | None = None
    reason: Text | None = None
    flags_accepted: list[str] = []


class ReturnBody(Body):
    reasons: Annotated[list[ReturnReason], Field(min_length=1)]
    office_error: bool = False


class ReasonBody(Body):
    reason: Text


class ReassignBody(Body):
    to: Text


class DocumentBody(Body):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    name: Text


class I20Body(Body):
    document: DocumentBody
    issued_on: date
    signed_by: Text
    sevis_confirmed: Literal[True]


def cases_router(database: Database, rules: ReviewRules, documents_url: str, clock: Clock) -> APIRouter:  # noqa: C901 a list of routes
    """Cases: take, look, decide, issue."""
    router = APIRouter(prefix="/api/cases", tags=["cases"])

    @router.post("/next", response_model=None, responses={204: {"description": "Nobody waits, or the line is held"}})
    async def next_case(adviser: Adviser, key: IdempotencyKey) -> CaseView | Response:
        async with database.transaction() as connection:
            request_id = await assign_next_case(connection, named(adviser), key, clock())
            if request_id is None:
                return Response(status_code=204)
            return await show_case(connection, request_id, named(adviser), clock())

    @router.get("")
    async def cases(
        _: Reader, state: CaseState | None = None, limit: Annotated[int | None, Query(ge=1)] = None
    ) -> list[CaseView]:
        async with database.connection() as connection:
            return await list_cases(connection, Wanted(state=state, limit=limit))

    @router.get("/{request_id}")
    async def one_case(request_id: str, reader: Reader) -> CaseView:
        return await _shown(request_id, reader)

    @router.get("/{request_id}/file", response_class=Response)
    async def case_file(request_id: str, reader: Reader) -> Response:
        async with database.transaction() as connection:
            found = await gather_case_file(connection, request_id, named(reader), clock())
        packed = await pack_case_file(found, Documents(documents_url), reader.sub, clock())
        name = f'attachment; filename="{found["case"]["reference"]}.zip"'
        return Response(packed, media_type="application/zip", headers={"Content-Disposition": name})

    @router.post("/{request_id}/approve")
    async def approve(request_id: str, body: ApproveBody, adviser: Adviser) -> CaseView:
        approval = Approval(body.flags_accepted, body.authorized_start, body.reason)
        async with database.transaction() as connection:
            await approve_case(connection, request_id, named(adviser), approval, clock())
        return await _shown(request_id, adviser)

    @router.post("/{request_id}/return")
    async def give_to_student(request_id: str, body: ReturnBody, adviser: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await return_case(
                connection, request_id, named(adviser), body.reasons, clock(), office_error=body.office_error
            )
        return await _shown(request_id, adviser)

    @router.post("/{request_id}/deny")
    async def deny(request_id: str, body: ReasonBody, adviser: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await deny_case(connection, request_id, named(adviser), body.reason, clock())
        return await _shown(request_id, adviser)

    @router.post("/{request_id}/give-back")
    async def give_back(request_id: str, body: ReasonBody, adviser: Adviser) -> CaseView:
        async with database.transaction() as connection:
            await give_back_case(connection, request_id, named(adviser), body.reason, clock())
        return await _shown(request_id, adviser)

    @router.post("/{request_id}/reassign")
    async def reassign(request_id: str, body: ReassignBody, director: Director) -> CaseView:
        to = Named(sub=body.to, name=None, email=None)
        async with database.transaction() as connection:
            await reassign_case(connection, request_id, named(director), to, clock())
        return await _shown(request_id, director)

    @router.post("/{request_id}/i20")
    async def i20(request_id: str, body: I20Body, adviser: Adviser) -> CaseView:
        if body.issued_on > eastern_date(clock()):
            error = FieldError("issued_on", "in_the_future", "An I-20 cannot have been issued on a day to come.")
            raise plain_problem(422, errors=[error])
        document = IssuedDocument(body.document.sha256, body.document.name, body.issued_on, body.signed_by)
        async with database.transaction() as connection:  # commits also when the gate is closed: SPIRE is asked
            opinion = await record_i20(connection, request_id, named(adviser), document, clock(), rules.issuance_valid)
        require_open(opinion)
        return await _shown(request_id, adviser)

    async def _shown(request_id: str, reader: Person) -> CaseView:
        async with database.transaction() as connection:
            return await show_case(connection, request_id, named(reader), clock())

    return router


def line_router(database: Database, clock: Clock) -> APIRouter:
    """The line and its append-only record."""
    router = APIRouter(prefix="/api/line", tags=["line"])

    @router.get("")
    async def line(_: LineReader) -> dict[str, Any]:
        async with database.connection() as connection:
            return await show_line(connection, clock())

    @router.get("/assignments")
    async def assignments(_: LineReader) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return await list_assignments(connection)

    @router.post("/{receipt_number}/pass-over")
    async def pass_over(receipt_number: int, body: ReasonBody, director: Director) -> dict[str, Any]:
        async with database.transaction() as connection:
            await pass_over_hole(connection, receipt_number, named(director), body.reason, clock())
            return await show_line(connection, clock())

    return router


def named(person: Person) -> Named:
    """The person as events and rows know them."""
    return Named(sub=person.sub, name=person.name, email=person.email)
