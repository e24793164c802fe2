"""One request: where it stands, what is missing, the line, the letter's comparison, the dates, the story."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.kept_forms import take_kept
from intake.documents.accept_upload import Uploads
from intake.documents.refusals import SENTENCES, Code
from intake.domain.values import Place
from intake.line.unit_of_work import unit_of_work
from intake.pages.common import Reader, Student, Words, pages_of, texts_of, to
from intake.pages.request_context import report_again, request_context
from intake.student.request_manual_check import request_manual_check
from intake.student.resubmit_request import resubmit_request
from intake.student.withdraw_request import withdraw_request


def request_pages(database: Database, uploads: Uploads, words: Words, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/requests/{request_id}")
    async def one(
        request: Request,
        request_id: str,
        reader: Reader,
        said: str = "",
        refused: str = "",
        kind: str = "",
        term: str = "",
    ) -> Response:
        shown = await request_context(database, uploads, clock(), request_id, reader)
        async with database.connection() as connection:
            shown["own_words"] = await words(connection, "page.request")
        shown |= {"said": said, "refused": why(refused), "kind": kind, "term": term}
        if sent := take_kept(request, f"/requests/{request_id}/report"):
            shown["report"] = report_again(sent)
        return pages_of(request).render(request, "request.html", **shown)

    @router.post("/requests/{request_id}/please-look")
    async def please_look(request: Request, request_id: str, student: Student) -> Response:
        typed = await texts_of(request)
        place: Place = "agreement" if typed.get("at") == "agreement" else "letter"
        why = typed.get("why", "").strip()[:4000] or "The student asks for a look."
        async with unit_of_work(database, clock()) as work:
            await request_manual_check(work, request_id, student, place, why)
        return to(f"/requests/{request_id}?said=look")

    @router.post("/requests/{request_id}/resubmit")
    async def resubmit(request: Request, request_id: str, student: Student) -> Response:
        note = (await texts_of(request)).get("note", "")[:4000]
        async with unit_of_work(database, clock()) as work:
            await resubmit_request(work, request_id, student, note)
        return to(f"/requests/{request_id}?said=back")

    @router.post("/requests/{request_id}/withdraw")
    async def withdraw(request_id: str, student: Student) -> Response:
        async with unit_of_work(database, clock()) as work:
            await withdraw_request(work, request_id, student)
        return to(f"/requests/{request_id}")

    return router


def why(code: str) -> str:
    """Why the last upload was not received, in words; the address holds the code only."""
    if code == "none":
        return "Choose a file first."
    details = {"accepted": "PDF, or for proofs and co-op papers also PNG or JPEG", "limit": "10 MB, and 60 pages,"}
    return SENTENCES[Code(code)].format(**details) if code in set(Code) else ""
