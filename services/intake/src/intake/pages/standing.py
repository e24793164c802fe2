"""Everything that the page of one request shows."""

from datetime import date, datetime
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.web.due_days import due_weeks
from cpt.web.forms import Form
from cpt.web.person import Person
from cpt.web.spans import span_of
from intake.documents.accept_upload import Uploads
from intake.pages.steps import STEPS, step_of
from intake.student.own_request import read_request
from intake.student.show_request import RequestView, show_request
from intake.student.show_status import Status, show_status


async def standing_of(
    database: Database, uploads: Uploads, now: datetime, request_id: str, reader: Person
) -> dict[str, Any]:
    """Raises `NoSuchRequest` for what the reader may not see."""
    async with database.connection() as connection:
        found = await read_request(connection, request_id, reader)
        view = await show_request(connection, found, now)
        status = await show_status(connection, found)
    pictures = await uploads.page_count(status.letter_key) if status.letter_key else 0
    shown: dict[str, Any] = {"view": view, "own": found, "around": status, "form": found.application}
    shown |= {"mine": found.emplid == reader.sub, "pictures": pictures, "steps": STEPS, "report": Form()}
    shown |= {"missing": [(item, step_of(item.code)) for item in view.missing]}
    shown |= {"reports": [line for line in view.history if line.what.startswith("You told us")]}
    return shown | {"said": "", "refused": "", "refused_kind": ""} | _drawn(view, status, eastern_date(now))


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
