"""Everything that the page of one request shows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.web.due_days import due_weeks
from cpt.web.forms import Form
from cpt.web.person import Person
from cpt.web.spans import span_of
from intake.documents.accept_upload import Uploads
from intake.forms import ReportBody
from intake.letter import FACTS
from intake.pages.steps import STEPS, step_of
from intake.student.own_request import read_request
from intake.student.show_change import differences_of
from intake.student.show_request import RequestView, show_request
from intake.student.show_status import Status, show_status


async def request_context(
    database: Database, uploads: Uploads, now: datetime, request_id: str, reader: Person
) -> dict[str, Any]:
    """Raises `NoSuchRequest` for what the reader may not see."""
    async with database.connection() as connection:
        found = await read_request(connection, request_id, reader)
        view = await show_request(connection, found, now)
        status = await show_status(connection, found)
        differences = await differences_of(connection, found)
    pictures = await uploads.page_count(status.letter_key) if status.letter_key else 0
    shown: dict[str, Any] = {"view": view, "own": found, "around": status, "form": found.application}
    shown |= {"mine": found.emplid == reader.sub, "pictures": pictures, "steps": STEPS, "report": Form()}
    shown |= {"fact_steps": {name: step.slug for name in FACTS if (step := step_of(f"letter.{name}"))}}
    shown |= {"differences": differences}
    shown |= {"missing": [(item, step_of(item.code)) for item in view.missing]}
    return (
        shown
        | {"said": "", "refused": "", "kind": "", "term": "", "own_words": []}
        | _drawn(view, status, eastern_date(now))
    )


def reported(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in sent.items() if name in ReportBody.model_fields}


def report_again(sent: Mapping[str, str]) -> Form:
    """The report that was not taken, with what is wrong in it."""
    typed = reported(sent)
    try:
        ReportBody.model_validate(typed)
    except ValidationError as error:
        return Form.invalid(typed, [finding | {"loc": finding["loc"] or ("words",)} for finding in error.errors()])
    return Form(typed)


def _drawn(view: RequestView, status: Status, today: date) -> dict[str, Any]:
    """The bar over the terms and the calendar of business days, where there are dates for them."""
    granted = view.authorized
    span = None
    if status.span:
        segments, gaps = (granted.segments, granted.gaps) if granted and not granted.canceled else ((), ())
        span = span_of(status.calendar, status.span, segments, gaps, today)
    weeks = None
    if view.received_at and view.due_on and view.state in ("complete", "assigned", "approved"):
        closures = {closure.date: closure.why for closure in status.calendar.closures}
        weeks = due_weeks(eastern_date(view.received_at), view.due_on, today, closures)
    return {"span": span, "weeks": weeks, "today": today}
