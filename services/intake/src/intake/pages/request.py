"""One request: where it stands, what is missing, the line, the letter's comparison, the dates, the story."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.due_days import due_weeks
from cpt.web.spans import span_of
from intake.documents.accept_upload import Uploads
from intake.documents.refusals import SENTENCES, Code
from intake.domain.values import Place
from intake.line.complete_request import completing
from intake.pages.common import Reader, Student, pages_of, texts_of, to
from intake.pages.steps import STEPS, step_of
from intake.student.ask_for_look import ask_for_look
from intake.student.own_request import read_request
from intake.student.resubmit_request import resubmit_request
from intake.student.show_request import RequestView, show_request
from intake.student.show_status import Status, show_status
from intake.student.withdraw_request import withdraw_request


def request_pages(database: Database, uploads: Uploads, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/requests/{request_id}")
    async def one(
        request: Request, request_id: str, reader: Reader, said: str = "", refused: str = "", kind: str = ""
    ) -> Response:
        async with database.connection() as connection:
            found = await read_request(connection, request_id, reader)
            view = await show_request(connection, found, clock())
            status = await show_status(connection, found)
        pictures = await uploads.page_count(status.letter_key) if status.letter_key else 0
        shown: dict[str, Any] = {"view": view, "own": found, "around": status, "form": found.application}
        shown |= {"mine": found.emplid == reader.sub, "pictures": pictures, "steps": STEPS, "said": said}
        shown |= {
            "missing": [(item, step_of(item.code)) for item in view.missing],
            "refused": _why(refused),
            "refused_kind": kind,
        }
        shown |= _drawn(view, status, clock)
        return pages_of(request).render(request, "request.html", **shown)

    @router.post("/requests/{request_id}/please-look")
    async def please_look(request: Request, request_id: str, student: Student) -> Response:
        typed, now = await texts_of(request), clock()
        place: Place = "agreement" if typed.get("at") == "agreement" else "letter"
        why = typed.get("why", "").strip()[:4000] or "The student asks for a look."
        async with database.transaction() as connection, completing(connection, now):
            await ask_for_look(connection, request_id, student, place, why, now)
        return to(f"/requests/{request_id}?said=look")

    @router.post("/requests/{request_id}/resubmit")
    async def resubmit(request: Request, request_id: str, student: Student) -> Response:
        note, now = (await texts_of(request)).get("note", "")[:4000], clock()
        async with database.transaction() as connection, completing(connection, now):
            await resubmit_request(connection, request_id, student, note, now)
        return to(f"/requests/{request_id}?said=back")

    @router.post("/requests/{request_id}/withdraw")
    async def withdraw(request_id: str, student: Student) -> Response:
        async with database.transaction() as connection:
            await withdraw_request(connection, request_id, student, clock())
        return to(f"/requests/{request_id}")

    return router


def _drawn(view: RequestView, status: Status, clock: Clock) -> dict[str, Any]:
    """The bar over the terms and the calendar of business days, where there are dates for them."""
    today = eastern_date(clock())
    granted = view.authorized
    span = None
    if status.span:
        segments, gaps = (granted.segments, granted.gaps) if granted else ((), ())
        span = span_of(status.calendar, status.span, segments, gaps, today)
    weeks = None
    if view.received_at and view.due_on and view.state in ("complete", "assigned", "approved"):
        closures = {closure.date: closure.why for closure in status.calendar.closures}
        weeks = due_weeks(eastern_date(view.received_at), view.due_on, today, closures)
    return {"span": span, "weeks": weeks, "today": today}


def _why(code: str) -> str:
    """Why the last upload was not received, in words; the address holds the code only."""
    if code == "none":
        return "Choose a file first."
    details = {"accepted": "PDF, or for proofs and co-op papers also PNG or JPEG", "limit": "10 MB, and 60 pages,"}
    return SENTENCES[Code(code)].format(**details) if code in set(Code) else ""
