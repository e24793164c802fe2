"""Puts the web process of review together."""

from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI

from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.web import web_app
from cpt.web import operations
from cpt.web.options import Branding
from cpt.web.pages import Link
from cpt.web.problems import FieldError, Problem, not_found, plain_problem
from review.alerts.domain import AlertRefused
from review.alerts.http import acting_router, alarms_router, alerts_router
from review.alerts.store import NoSuchAlert
from review.cases.deliver_i20 import LIMIT
from review.cases.ownership import NoSuchCase
from review.cases.show_document import AlteredDocument, NoSuchDocument
from review.consumer import build_consumer
from review.documents import Documents
from review.domain import Refused, Unfit
from review.http import (
    case_notes_router,
    deciding_router,
    i20_file_router,
    issuing_router,
    line_router,
    reading_router,
    search_router,
    sevis_router,
    tasks_router,
)
from review.http.own_case import own_case_gate
from review.operations.hear_waiting import waiting_elsewhere
from review.pages import pages_router
from review.search.store import NoSuchRequest
from review.settings import ReviewSettings
from review.sevis.draw_up_batch import Batching
from review.sevis.store import NoSuchBatch
from review.tasks.store import NoSuchTask
from review.texts.write_text import NoSuchText

ANSWER_LIMIT = 64 * 2**20
"""Bytes of a zip that SEVIS gives back: a new I-20 for each of 250 records."""
STAFF = frozenset({"adviser", "director"})
TITLES = {
    "check_pending": "SPIRE is being asked",
    "enrollment_not_met": "SPIRE does not show the enrollment",
    "not_yours": "Another adviser has this case",
    "wrong_state": "This has changed in the meantime",
    "flags_not_accepted": "Some flags were not looked at",
    "nothing_to_authorize": "No day is left to authorize",
    "after_program_end": "The program ends before the training",
    "x11_started": "It has started already",
    "x12_ended": "It has ended already",
    "second_person": "This needs a second person",
    "stale_version": "This has changed in the meantime",
    "own_case": "This is about the person's own request",
}
LOOK = Branding(
    title="CPT review",
    search=Link("Search", "/search", STAFF | {"compliance"}),
    templates=Path(__file__).parent / "templates",
    navigation=(
        Link("Desk", "/", STAFF),
        Link("Overview", "/overview", frozenset({"director"})),
        Link("All cases", "/cases", STAFF),
        Link("The line", "/line", STAFF | {"compliance", "operations"}),
        Link("SEVIS batch", "/sevis", STAFF),
        Link("Tasks", "/tasks", STAFF | {"compliance"}),
        Link("Alerts", "/alerts", STAFF | {"compliance"}),
        Link("Figures", "/figures", STAFF | {"compliance"}),
        Link("Texts", "/texts", frozenset({"director"})),
        operations.LINK,
    ),
)


def build_web(settings: ReviewSettings, *, clock: Clock | None = None) -> FastAPI:
    clock = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "review", "review-web")
    rules, sevis = settings.review, settings.sevis
    batching = Batching(sevis.schema_version, sevis.schools, sevis.schemas, sevis.hint, rules.issuance_valid)
    return web_app(
        "review",
        settings,
        clock=clock,
        database=database,
        consumer=build_consumer(rules, clock),
        look=LOOK,
        elsewhere=waiting_elsewhere(database, settings.links, clock),
        larger_bodies={r"/(api/)?cases/[^/]+/i20/file": LIMIT, r"/(api/)?sevis/answers": ANSWER_LIMIT},
        routers=[_behind_the_gate(database, settings, batching, clock)],
        refusals={
            Refused: _refused,
            AlertRefused: lambda error: Problem(409, error.code, TITLES[error.code], str(error)),
            Unfit: _unfit,
            NoSuchCase: lambda _: not_found(),
            NoSuchAlert: lambda _: not_found(),
            NoSuchBatch: lambda _: not_found(),
            NoSuchRequest: lambda _: not_found(),
            NoSuchTask: lambda _: not_found(),
            NoSuchText: lambda _: not_found(),
            NoSuchDocument: lambda _: not_found(),
            AlteredDocument: lambda _: Problem(409, "document_altered", "The stored file is not the accepted one"),
        },
    )


def _behind_the_gate(database: Database, settings: ReviewSettings, batching: Batching, clock: Clock) -> APIRouter:
    """Every call and every page, all behind the one gate of A31."""
    rules, documents = settings.review, Documents(settings.documents.url)
    gated = APIRouter(dependencies=[Depends(own_case_gate(database, clock))])
    for router in (
        deciding_router(database, rules, clock),
        reading_router(database, documents, clock),
        issuing_router(database, rules, clock),
        i20_file_router(database, documents, clock),
        case_notes_router(database, clock),
        line_router(database, clock),
        search_router(database, clock),
        sevis_router(database, batching, clock),
        tasks_router(database, clock),
        alerts_router(database, clock),
        acting_router(database, clock),
        alarms_router(database, rules, clock),
        pages_router(database, rules, batching, documents, settings.office, clock),
    ):
        gated.include_router(router)
    return gated


def _refused(error: Refused) -> Problem:
    """A state that forbids it now is 409; one's own case is nobody's to decide, whenever (A31)."""
    status = 403 if error.code == "own_case" else 409
    return Problem(status, error.code, TITLES.get(error.code, "This is not possible now"), str(error))


def _unfit(error: Unfit) -> Problem:
    return plain_problem(422, errors=[FieldError(fault.field, fault.code, fault.message) for fault in error.faults])
