"""A new request in short steps: a task list, one group of questions a page, and the answers to check before sending."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form
from cpt.web.kept_forms import take_kept
from cpt.web.person import Person
from cpt.web.problems import not_found
from cpt.web.spans import span_of
from cpt.web.validation import field_errors
from intake.domain.application import Application
from intake.forms import ApplicationBody
from intake.pages.choices import course_groups
from intake.pages.common import Student, pages_of, texts_of, to
from intake.pages.request import why
from intake.pages.steps import (
    BY_SLUG,
    STEPS,
    Step,
    body_of,
    faults_of,
    missing_by_step,
    step_after,
    with_same_place,
    with_terms,
    wrong_by_step,
)
from intake.spire import SpireDirectory
from intake.store import calendar_in_force, draft_documents
from intake.student.quotas import Quotas
from intake.student.save_draft import Draft, drop_draft, find_draft, save_draft
from intake.student.show_status import papers_wanted
from intake.student.submit_request import submit_request

_FRESH = {"employer_address.country": "US", "work_location.country": "US"}


def form_pages(  # noqa: C901 a list of routes
    database: Database, directory: SpireDirectory, clock: Clock, quotas: Quotas
) -> APIRouter:
    router = APIRouter()

    @router.get("/requests/new")
    async def tasks(
        request: Request, student: Student, said: str = "", refused: str = "", kind: str = "", term: str = ""
    ) -> Response:
        shown = await _standing(database, student, eastern_date(clock()))
        shown |= {"said": said, "refused": why(refused), "kind": kind, "term": term}
        return pages_of(request).render(request, "tasks.html", **shown)

    @router.get("/requests/new/check")
    async def check(request: Request, student: Student) -> Response:
        today = eastern_date(clock())
        shown = await _standing(database, student, today)
        return pages_of(request).render(request, "check.html", **shown, today=today)

    @router.get("/requests/new/{slug}")
    async def ask(request: Request, slug: str, student: Student, wrong: bool = False) -> Response:
        """`wrong`: what was sent from here was refused, and says why."""
        if slug not in BY_SLUG:
            raise not_found()
        async with database.connection() as connection:
            draft = await find_draft(connection, student.sub)
            calendar = await calendar_in_force(connection)
        step, kept = BY_SLUG[slug], take_kept(request, f"/requests/new/{slug}")
        typed = {**(draft.typed if draft else _FRESH), **kept}
        own = {name: text for name, text in typed.items() if step.owns(name)}
        form = Form.invalid(typed, faults_of(own, eastern_date(clock()))) if wrong else Form(typed)
        groups = await course_groups(directory, student, step, form.values, calendar)
        return pages_of(request).render(request, "step.html", **_asked(step, form, calendar), groups=groups)

    @router.post("/form/{slug}/faults")
    async def faults(request: Request, slug: str, _: Student) -> dict[str, str]:
        """What is wrong in a step while it is typed; nothing is kept."""
        if slug not in BY_SLUG:
            raise not_found()
        typed = {name: text for name, text in (await texts_of(request)).items() if BY_SLUG[slug].owns(name)}
        return dict(Form.invalid(typed, faults_of(typed, eastern_date(clock()))).errors)

    @router.post("/requests/new/{slug}")
    async def answer(request: Request, slug: str, student: Student) -> Response:
        if slug not in BY_SLUG:
            raise not_found()
        step, sent = BY_SLUG[slug], await texts_of(request)
        typed = {name: value for name, value in sent.items() if step.owns(name)}
        async with database.transaction() as connection:
            before = await find_draft(connection, student.sub)
            typed = with_same_place(typed, before.typed if before else {})
            names = [name for name in {**(before.typed if before else {}), **typed} if step.owns(name)]
            await save_draft(connection, student.sub, names, typed, clock(), quotas)
        if faults_of(typed, eastern_date(clock())):
            return to(f"/requests/new/{slug}?wrong=1")
        following = step_after(step)
        return to(f"/requests/new/{following.slug}" if following and "again" not in sent else "/requests/new/check")

    @router.post("/requests/new")
    async def send(student: Student) -> Response:
        async with database.connection() as connection:
            draft = await find_draft(connection, student.sub)
            calendar = await calendar_in_force(connection)
        if draft is None:
            return to("/")
        application, wrong = application_of(draft)
        if wrong:
            return to("/requests/new/check")
        body = ApplicationBody.model_validate({**body_of(draft.typed), "terms": with_terms(application, calendar)})
        view = await submit_request(database, directory, student, draft.key, body, clock(), quotas)
        async with database.transaction() as connection:
            await drop_draft(connection, student.sub, draft.key)
        return to(f"/requests/{view['request_id']}?said=sent")

    return router


def _asked(step: Step, form: Form, calendar: AcademicCalendar) -> dict[str, Any]:
    before = STEPS.index(step)
    back = f"/requests/new/{STEPS[before - 1].slug}" if before else "/requests/new"
    action = f"/requests/new/{step.slug}"
    return {
        "step": step,
        "form": form,
        "calendar": calendar,
        "action": action,
        "back": back,
        "at": before + 1,
        "parts": len(STEPS),
    }


async def _standing(database: Database, student: Person, today: date) -> dict[str, Any]:
    async with database.connection() as connection:
        draft = await find_draft(connection, student.sub)
        calendar = await calendar_in_force(connection)
        sent = await draft_documents(connection, student.sub, draft.key) if draft else []
    application, wrong = application_of(draft) if draft else (Application(), {})
    span = span_of(calendar, application.span) if application.span else None
    terms = calendar.overlapped_terms(*application.span) if application.span else ()
    missing = missing_by_step(application, calendar, today)
    amiss = {slug: [words] for slug, words in wrong.items()} | wrong_by_step(application, today)
    shown: dict[str, Any] = {
        "steps": STEPS,
        "draft": draft,
        "form": application,
        "wrong": wrong,
        "amiss": amiss,
        "missing": missing,
    }
    shown["papers"] = papers_wanted(application, calendar)
    shown["uploaded"] = {(paper.kind, paper.strm): paper for paper, _ in sent}
    return {**shown, "span": span, "terms": terms, "names": {term.strm: term.name for term in calendar.terms}}


def application_of(draft: Draft) -> tuple[Application, dict[str, str]]:
    """The form so far, and what is wrong by step; a wrong step counts as not filled in."""
    typed, wrong = dict(draft.typed), {}
    for step in STEPS:
        try:
            ApplicationBody.model_validate(body_of({name: text for name, text in typed.items() if step.owns(name)}))
        except ValidationError as error:
            wrong[step.slug] = field_errors(error.errors())[0].message
            typed = {name: value for name, value in typed.items() if not step.owns(name)}
    return ApplicationBody.model_validate(body_of(typed)).to_application(), wrong
