"""The case at a glance, and what the adviser who holds it decides."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.contracts.documents import DRAWN_PAGES
from cpt.contracts.review import ReturnReason
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.people import named
from cpt.web.spans import span_of
from review.cases.approve_case import Approval, approve_case
from review.cases.ask_for_issuance import ask_before_issuing
from review.cases.changed_since import changed_of_authorization, changed_since
from review.cases.decide_case import deny_case, return_case
from review.cases.hand_over_case import give_back_case, reassign_case
from review.cases.page_of_cases import cases_in_hand
from review.cases.show_case import show_case
from review.cases.show_data_sheet import show_data_sheet
from review.cases.show_desk import known_as, show_holders
from review.cases.show_documents import list_documents
from review.cases.show_issuance import show_issuance
from review.documents import Documents
from review.domain import Refused
from review.pages.common import Colleague, Courses, Director, Staff, Text, Words, chosen, day_of, pages_of, to
from review.search.show_student import other_requests
from review.settings import ReviewRules
from review.sevis.show_batches import show_sevis


def cases_pages(database: Database, rules: ReviewRules, store: Documents, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/cases/{request_id}")
    async def case_page(request: Request, request_id: str, adviser: Staff, said: str = "") -> Response:
        async with database.transaction() as connection:
            reader = (
                named(adviser) if "x-cpt-live" not in request.headers else None
            )  # the page that was opened follows itself
            case = await show_case(connection, request_id, reader, clock())
            documents = await list_documents(connection, request_id)
            sheet = await show_data_sheet(connection, request_id, reader, clock())
            batched = await show_sevis(connection, request_id)
            asked = await show_issuance(connection, request_id, clock(), rules.issuance_valid)
            holders = await show_holders(connection) if adviser.has("director") else []
            others = await other_requests(connection, request_id)
            changed = await changed_since(connection, request_id)
            changed_of = await changed_of_authorization(connection, request_id)
            mine = [one["request_id"] for one in await cases_in_hand(connection, adviser.sub)]
        for document in documents:
            drawn = await store.pages(document["object_key"]) if document["media_type"] == "application/pdf" else 0
            document |= {"pages": range(1, drawn + 1), "more": drawn == DRAWN_PAGES}
        today = eastern_date(clock())
        dates = (case["request"]["start_date"], case["request"]["end_date"])
        span = span_of(asked.calendar, dates, case["segments"], case["gaps"], today)
        context: dict[str, Any] = {"case": case, "asked": asked, "span": span, "today": today, "said": said}
        context |= {"documents": documents, "sheet": sheet, "batched": batched, "holders": holders, "others": others}
        context |= {"changed": changed, "changed_of": changed_of, "turn": _turn(mine, request_id)}
        return pages_of(request).render(request, "case.html", mine=case["held_by"] == adviser.sub, **context)

    @router.post("/cases/{request_id}/approve")
    async def approve(
        request_id: str,
        adviser: Staff,
        flag: Annotated[list[forms.Line] | None, Form()] = None,
        authorized_start: Annotated[forms.Line, Form()] = "",
        reason: Words = "",
        course: Courses = None,
    ) -> Response:
        approval = Approval(flag or [], day_of(authorized_start), reason or None, chosen(course))
        try:
            async with database.transaction() as connection:
                days = rules.task_escalation_days
                await approve_case(connection, request_id, named(adviser), approval, clock(), task_days=days)
                await ask_before_issuing(connection, request_id, named(adviser), clock())
        except Refused as refused:
            if refused.code != "check_pending":
                raise
            return to(f"/cases/{request_id}?said=pending#decide")
        return to(f"/cases/{request_id}?said=approved#issue")

    @router.post("/cases/{request_id}/return")
    async def give_to_student(
        request_id: str, adviser: Staff, reason: Text, office_error: Annotated[bool, Form()] = False
    ) -> Response:
        reasons = [ReturnReason(text=line.strip()) for line in reason.split("\n\n") if line.strip()]
        async with database.transaction() as connection:
            await return_case(connection, request_id, named(adviser), reasons, clock(), office_error=office_error)
        return to(f"/cases/{request_id}?said=returned")

    @router.post("/cases/{request_id}/deny")
    async def deny(request_id: str, adviser: Staff, reason: Text) -> Response:
        async with database.transaction() as connection:
            await deny_case(connection, request_id, named(adviser), reason, clock())
        return to(f"/cases/{request_id}?said=denied")

    @router.post("/cases/{request_id}/give-back")
    async def give_back(request_id: str, adviser: Staff, reason: Text) -> Response:
        async with database.transaction() as connection:
            await give_back_case(connection, request_id, named(adviser), reason, clock())
        return to("/?said=given-back")

    @router.post("/cases/{request_id}/reassign")
    async def reassign(request_id: str, director: Director, sub: Colleague) -> Response:
        async with database.transaction() as connection:
            new = known_as(sub, await show_holders(connection), named(director))
            await reassign_case(connection, request_id, named(director), new, clock())
        return to(f"/cases/{request_id}?said=moved")

    return router


def _turn(mine: list[str], request_id: str) -> dict[str, str | None]:
    """The adviser's own cases before and after this one, in the order of the desk; from another's case the first."""
    if request_id not in mine:
        return {"previous": None, "next": mine[0] if mine else None}
    at = mine.index(request_id)
    return {"previous": mine[at - 1] if at else None, "next": mine[at + 1] if at + 1 < len(mine) else None}
