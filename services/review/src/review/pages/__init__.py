"""Review's pages: plain forms on the same use cases as the API; every POST changes one thing and redirects."""

from fastapi import APIRouter, Depends

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.runtime.sections import OfficeSettings
from review.documents import Documents
from review.pages.alert_acts import alert_acts
from review.pages.alert_bulk import alert_bulk
from review.pages.alerts import alerts_pages
from review.pages.case_list import case_list
from review.pages.case_notes import case_notes_pages
from review.pages.cases import cases_pages
from review.pages.desk import desk_pages
from review.pages.documents import documents_pages
from review.pages.figures import figures_pages
from review.pages.issuing import issuing_pages
from review.pages.line import line_pages
from review.pages.overview import overview_pages
from review.pages.report import report_pages
from review.pages.search import search_pages
from review.pages.sevis import sevis_pages
from review.pages.tasks import counting, tasks_pages
from review.pages.texts import texts_pages
from review.settings import ReviewRules
from review.sevis.draw_up_batch import Batching


def pages_router(
    database: Database,
    rules: ReviewRules,
    batching: Batching,
    documents: Documents,
    office: OfficeSettings,
    clock: Clock,
) -> APIRouter:
    """All of them, without a place in the machine-readable description."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(counting(database, clock))])
    for part in (
        desk_pages(database, clock),
        case_list(database, clock),
        cases_pages(database, rules, documents, clock),
        case_notes_pages(database, clock),
        issuing_pages(database, rules, documents, clock),
        documents_pages(database, documents, clock),
        line_pages(database, clock),
        overview_pages(database, clock),
        report_pages(database, clock),
        search_pages(database, clock),
        sevis_pages(database, batching, clock),
        tasks_pages(database, clock),
        texts_pages(database, office, clock),
        figures_pages(database, clock),
        alerts_pages(database, clock),
        alert_bulk(database, clock),
        alert_acts(database, clock),
    ):
        router.include_router(part)
    return router
