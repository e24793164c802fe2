"""Papers that a student uploads before the form is sent."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from intake.documents.accept_upload import Uploads
from intake.documents.refusals import DocumentRefused
from intake.domain.application import Application
from intake.pages.common import Student, to
from intake.pages.form import application_of
from intake.pages.papers import upload_of
from intake.student.quotas import Quotas
from intake.student.receive_document import receive_draft_document
from intake.student.save_draft import find_draft


def draft_papers_pages(database: Database, uploads: Uploads, clock: Clock, quotas: Quotas) -> APIRouter:
    router = APIRouter()

    @router.post("/draft/documents")
    async def receive(request: Request, student: Student) -> Response:
        """It comes along when the form is sent."""
        upload, about, place = upload_of(await request.form())
        if upload is None:
            return to(f"/requests/new?refused=none&{about}#{place}")
        async with database.connection() as connection:
            draft = await find_draft(connection, student.sub)
        application = application_of(draft)[0] if draft else Application()
        try:
            await receive_draft_document(database, uploads, application, student, upload, clock(), quotas)
        except DocumentRefused as refused:
            return to(f"/requests/new?refused={refused.code}&{about}#{place}")
        return to(f"/requests/new?said=received&{about}#{place}")

    return router
