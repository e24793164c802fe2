"""The student's pages: start, the form in short steps, one request; plain forms on the same use cases as the API."""

from fastapi import APIRouter

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.runtime.sections import OfficeSettings
from intake.documents.accept_upload import Uploads
from intake.pages.after_approval import after_approval_pages
from intake.pages.change import change_pages
from intake.pages.common import words_of
from intake.pages.correct import correct_pages
from intake.pages.draft_papers import draft_papers_pages
from intake.pages.form import form_pages
from intake.pages.papers import papers_pages
from intake.pages.request import request_pages
from intake.pages.start import start_pages
from intake.spire import SpireDirectory
from intake.student.quotas import Quotas


def pages_router(
    database: Database,
    uploads: Uploads,
    directory: SpireDirectory,
    clock: Clock,
    quotas: Quotas,
    office: OfficeSettings,
) -> APIRouter:
    """Every POST changes one thing and redirects to the page that shows it."""
    router = APIRouter(include_in_schema=False)
    for part in (
        start_pages(database, words_of(office), clock),
        form_pages(database, directory, clock, quotas),
        draft_papers_pages(database, uploads, clock, quotas),
        correct_pages(database, directory, clock),
        change_pages(database, directory, clock, quotas),
        papers_pages(database, uploads, clock, quotas),
        request_pages(database, uploads, words_of(office), clock),
        after_approval_pages(database, uploads, clock),
    ):
        router.include_router(part)
    return router
