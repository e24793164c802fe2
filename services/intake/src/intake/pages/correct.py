"""One step of the form of a request that was sent, corrected (R46); in line that costs the place, once confirmed (P4)."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form
from cpt.web.problems import Problem, not_found
from intake.forms import amended
from intake.pages.choices import course_groups
from intake.pages.common import Student, pages_of, texts_of, to
from intake.pages.steps import BY_SLUG, at_fields, body_of, typed_of, with_terms
from intake.spire import SpireDirectory
from intake.store import calendar_in_force
from intake.student.correct_request import correct_request
from intake.student.own_request import find_own


def correct_pages(database: Database, directory: SpireDirectory, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/requests/{request_id}/form/{slug}")
    async def ask(request: Request, request_id: str, slug: str, student: Student) -> Response:
        shown = await _shown(database, request_id, slug, student)
        shown["groups"] = await course_groups(
            directory, student, shown["step"], shown["form"].values, shown["calendar"]
        )
        return pages_of(request).render(request, "step.html", **shown)

    @router.post("/requests/{request_id}/form/{slug}")
    async def answer(request: Request, request_id: str, slug: str, student: Student) -> Response:
        shown = await _shown(database, request_id, slug, student)
        sent, step = await texts_of(request), shown["step"]
        typed = {name: value for name, value in sent.items() if step.owns(name)}
        changes = body_of(typed)
        if step.courses:
            changes.setdefault("courses", [])
        if slug == "dates":
            changes.setdefault("already_started", False)
        try:
            changed = amended(shown["own"].application, changes)
            if slug == "dates":
                changes["terms"] = with_terms(changed, shown["calendar"])
            if shown["costly"] and "confirmed" not in sent:
                raise _unconfirmed()
            await correct_request(database, request_id, student, changes, clock(), confirmed="confirmed" in sent)
        except ValidationError as error:
            kept = {
                name: text for name, text in shown["form"].values.items() if not step.courses or not step.owns(name)
            }
            shown["form"] = Form.invalid({**kept, **typed}, at_fields(error.errors(), typed))
            shown["groups"] = await course_groups(directory, student, step, shown["form"].values, shown["calendar"])
            return pages_of(request).render(request, "step.html", 422, **shown)
        return to(f"/requests/{request_id}?said=corrected")

    return router


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
