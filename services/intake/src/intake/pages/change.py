"""An extension or another change of what was issued: what changes is chosen, then only that is asked, filled in as it was (X6)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form
from cpt.web.kept_forms import keep_refused, take_kept
from cpt.web.person import Person
from intake.domain.changes import require_changeable, starting_point
from intake.pages.common import Student, pages_of, texts_of, to
from intake.pages.steps import BY_SLUG, PARTS, Step, body_of, faults_of, typed_of, with_same_place
from intake.spire import SpireDirectory
from intake.store import calendar_in_force, changers_of
from intake.student.ask_for_change import ask_for_change
from intake.student.own_request import find_own
from intake.student.quotas import Quotas

CHOICES = {
    "dates": ("The dates", "An extension, an earlier end or other days"),
    "work": ("The job", "Hours per week, job title or duties"),
    "place": ("The place", "Where you work"),
    "employer": ("The employer", "Another employer, or its address"),
    "pay": ("The pay", "Salary and related compensation"),
}
"""What may change, by the part of the form that asks for it."""
_CONSULTED = tuple(f"adviser_consulted.{part}" for part in ("name", "office", "on", "email"))


def change_pages(database: Database, directory: SpireDirectory, clock: Clock, quotas: Quotas) -> APIRouter:
    router = APIRouter()

    @router.get("/requests/{request_id}/change")
    async def ask(request: Request, request_id: str, student: Student) -> Response:
        """Without a part of the form that was chosen: the choice."""
        shown, sent = await _shown(database, request_id, student, clock), take_kept(request, request.url.path)
        steps = _chosen(sent or request.query_params)
        if not steps:
            return pages_of(request).render(request, "change.html", **shown, steps=(), form=Form())
        form = _typed_again(steps, shown, sent, clock) if sent else Form(shown["typed"])
        return _page(request, shown, steps, form, sent.get("key"))

    @router.post("/requests/{request_id}/change")
    async def answer(request: Request, request_id: str, student: Student) -> Response:
        shown, sent = await _shown(database, request_id, student, clock), await texts_of(request)
        steps = _chosen(sent)
        answers = _answers(steps, sent, shown["typed"])
        try:
            wrong = faults_of(answers, eastern_date(clock()))
            if not wrong:
                key = sent.get("key", "")[:100] or str(uuid4())
                view = await ask_for_change(
                    database, directory, request_id, student, key, body_of(answers), clock(), quotas
                )
                return to(f"/requests/{view['request_id']}?said=change")
        except ValidationError:
            pass
        if there := await keep_refused(request, request.url.path):
            return to(there)
        return _page(request, shown, steps, _typed_again(steps, shown, sent, clock), sent.get("key"), 422)

    return router


def _page(
    request: Request, shown: Mapping[str, Any], steps: Sequence[Step], form: Form, key: str | None, status: int = 200
) -> Response:
    """`key`: that of the first time, so that the same form sent twice is one request."""
    sending: dict[str, Any] = {"steps": steps, "form": form, "key": key or str(uuid4())}
    return pages_of(request).render(request, "change.html", status, **shown, **sending)


async def _shown(database: Database, request_id: str, student: Person, clock: Clock) -> dict[str, Any]:
    """Raises `NoSuchRequest`, or `Refused` where no change may be asked for."""
    async with database.connection() as connection:
        own = await find_own(connection, request_id, student)
        require_changeable(own, await changers_of(connection, own), eastern_date(clock()))
        calendar = await calendar_in_force(connection)
    typed = typed_of(starting_point(own.application))
    return {"own": own, "calendar": calendar, "typed": typed, "choices": CHOICES}


def _chosen(sent: Mapping[str, str]) -> tuple[Step, ...]:
    return tuple(BY_SLUG[slug] for slug in CHOICES if f"part.{slug}" in sent)


def _answers(steps: Sequence[Step], sent: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Those of the chosen parts, and the consultation, which is always asked (R20)."""
    own = {name: text for name, text in sent.items() if name in _CONSULTED or any(step.owns(name) for step in steps)}
    return with_same_place(own, {**_mailing(typed), **_mailing(own)})


def _mailing(typed: Mapping[str, str]) -> dict[str, str]:
    names = [f"employer_address.{part}" for part in PARTS]
    return {name: typed[name] for name in names if name in typed}


def _typed_again(steps: Sequence[Step], shown: Mapping[str, Any], sent: Mapping[str, str], clock: Clock) -> Form:
    answers = _answers(steps, sent, shown["typed"])
    return Form.invalid({**shown["typed"], **answers}, faults_of(answers, eastern_date(clock())))
