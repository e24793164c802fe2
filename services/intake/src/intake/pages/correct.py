"""One step of the form of a request that was sent, corrected (R46); in line that costs the place, once confirmed (P4)."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form
from cpt.web.kept_forms import keep_refused, take_kept
from cpt.web.person import Person
from cpt.web.problems import Problem, not_found
from intake.forms import amended
from intake.pages.choices import course_groups
from intake.pages.common import Student, pages_of, texts_of, to
from intake.pages.steps import BY_SLUG, at_fields, body_of, typed_of, with_same_place, with_terms
from intake.spire import SpireDirectory
from intake.store import calendar_in_force
from intake.student.correct_request import correct_request
from intake.student.own_request import find_own


def correct_pages(database: Database, directory: SpireDirectory, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/requests/{request_id}/form/{slug}")
    async def ask(request: Request, request_id: str, slug: str, student: Student, kept: str = "") -> Response:
        shown = await _shown(database, request_id, slug, student)
        sent = take_kept(request, shown["action"])
        if sent:
            shown["form"] = _typed_again(shown, sent, refused=kept == "refused")
        return await page(request, student, shown)

    @router.post("/requests/{request_id}/form/{slug}")
    async def answer(request: Request, request_id: str, slug: str, student: Student) -> Response:
        shown = await _shown(database, request_id, slug, student)
        sent = await texts_of(request)
        try:
            changes = _changes(shown, sent)
            if shown["costly"] and "confirmed" not in sent:
                raise _unconfirmed()
            await correct_request(database, request_id, student, changes, clock(), confirmed="confirmed" in sent)
        except ValidationError:
            if there := await keep_refused(request, shown["action"]):
                return to(there)
            shown["form"] = _typed_again(shown, sent, refused=True)
            return await page(request, student, shown, 422)
        return to(f"/requests/{request_id}?said=corrected")

    async def page(request: Request, student: Person, shown: dict[str, Any], status: int = 200) -> Response:
        step, typed, calendar = shown["step"], shown["form"].values, shown["calendar"]
        shown["groups"] = await course_groups(directory, student, step, typed, calendar)
        return pages_of(request).render(request, "step.html", status, **shown)

    return router


def _answers(shown: dict[str, Any], sent: Mapping[str, str]) -> dict[str, str]:
    """Those of this step."""
    typed = {name: text for name, text in sent.items() if shown["step"].owns(name)}
    return with_same_place(typed, shown["form"].values)


def _changes(shown: dict[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """Raises pydantic's ValidationError."""
    step, changes = shown["step"], body_of(_answers(shown, sent))
    if step.courses:
        changes.setdefault("courses", [])
    if step.slug == "dates":
        changes.setdefault("already_started", False)
    changed = amended(shown["own"].application, changes)
    if step.slug == "dates":
        changes["terms"] = with_terms(changed, shown["calendar"])
    return changes


def _typed_again(shown: dict[str, Any], sent: Mapping[str, str], *, refused: bool) -> Form:
    step, before, answers = shown["step"], shown["form"].values, _answers(shown, sent)
    typed = {**{name: text for name, text in before.items() if not step.courses or not step.owns(name)}, **answers}
    try:
        if refused:
            _changes(shown, sent)
    except ValidationError as error:
        return Form.invalid(typed, at_fields(error.errors(), answers))
    return Form(typed)


async def _shown(database: Database, request_id: str, slug: str, student: Any) -> dict[str, Any]:
    if slug not in BY_SLUG:
        raise not_found()
    async with database.connection() as connection:
        own = await find_own(connection, request_id, student)
        calendar = await calendar_in_force(connection)
    return {
        "own": own,
        "step": BY_SLUG[slug],
        "form": Form(typed_of(own.application)),
        "calendar": calendar,
        "costly": own.phase == "complete",
        "action": f"/requests/{request_id}/form/{slug}",
        "back": f"/requests/{request_id}",
    }


def _unconfirmed() -> Problem:
    detail = "A change now gives up your place in line. Tick the box that says so, or go back and change nothing."
    return Problem(422, "not_confirmed", "Nothing was changed", detail)
