"""A request as its student sees it."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from cpt.campus.clock import eastern_date
from cpt.postgres import Connection
from intake.domain.flags import warnings_of
from intake.domain.lifecycle import State
from intake.domain.request import Request
from intake.store import calendar_in_force, changers_of, history_of, list_requests, place_in_line, sql, twins_of

CONTACT_OFFICE = "contact_office"
"""A possible loss is confirmed, or the office asked for contact: before working again the student talks to it."""


class ItemView(BaseModel):
    code: str
    message: str
    who_can_fix: str
    where: str


class WarningView(BaseModel):
    code: str
    message: str


class CourseView(BaseModel):
    strm: str
    subject: str
    catalog_nbr: str
    class_nbr: str | None


class SegmentView(BaseModel):
    strm: str
    start_date: date
    end_date: date


class GapView(BaseModel):
    start_date: date
    end_date: date
    why: str


class OtherRequestView(BaseModel):
    """Another request of the student: the one that this changes, or that changes this one (X6)."""

    request_id: str
    reference: str


class ChangerView(OtherRequestView):
    state: str


class AuthorizedView(BaseModel):
    start_date: date
    end_date: date
    segments: list[SegmentView]
    gaps: list[GapView]
    canceled: bool = False
    replaced_by: OtherRequestView | None = None


class I20View(BaseModel):
    """The signed I-20 can be downloaded (A28)."""

    added_at: datetime
    fetched_at: datetime | None


class LineView(BaseModel):
    at: datetime
    what: str
    by: str


class MessageView(BaseModel):
    at: datetime
    text: str
    by: str
    own: bool = False


class AskedView(BaseModel):
    """A warning that the student is asked to acknowledge (case 68)."""

    code: str
    message: str
    asked_at: datetime
    read_at: datetime | None


class RequestView(BaseModel):
    """While a request is incomplete it has no number, due date or place in line."""

    request_id: str
    reference: str
    courses: list[CourseView]
    state: State
    missing: list[ItemView]
    warnings: list[WarningView]
    receipt_number: int | None
    received_at: datetime | None
    due_on: date | None
    place_in_line: int | None
    authorized: AuthorizedView | None
    notice: str | None
    i20: I20View | None
    changes: OtherRequestView | None
    changed_by: list[ChangerView]
    history: list[LineView]
    messages: list[MessageView]
    to_acknowledge: list[AskedView]


async def show_request(connection: Connection, request: Request, now: datetime) -> RequestView:
    calendar = await calendar_in_force(connection)
    values: dict[str, Any] = {
        "request_id": request.request_id,
        "reference": request.reference,
        "courses": request.courses,
        "state": request.state,
        "missing": request.missing,
        "warnings": warnings_of(request, calendar, eastern_date(now), await twins_of(connection, request)),
        "receipt_number": request.receipt_number,
        "received_at": request.received_at,
        "due_on": request.due_on,
        "place_in_line": await place_in_line(connection, request),
        "authorized": request.authorized,
        "notice": CONTACT_OFFICE if await connection.fetchval(sql.is_concerned, request.request_id) else None,
        "i20": request.i20_in_force,
        "changes": request.changes,
        "changed_by": await _changed_by(connection, request),
        "history": await history_of(connection, request.request_id),
        "messages": [dict(row) for row in await connection.fetch(sql.messages_of, request.request_id)],
        "to_acknowledge": [dict(row) for row in await connection.fetch(sql.warnings_of, request.request_id)],
    }
    return RequestView.model_validate(values, from_attributes=True)


async def _changed_by(connection: Connection, request: Request) -> list[dict[str, str]]:
    if request.authorized is None:
        return []
    return [
        {"request_id": one.request_id, "reference": one.reference, "state": one.phase}
        for one in await changers_of(connection, request)
    ]


async def show_requests(
    connection: Connection, emplid: str | None, limit: int | None, now: datetime
) -> list[RequestView]:
    """Newest first; of one student, or of all."""
    return [await show_request(connection, one, now) for one in await list_requests(connection, emplid, limit)]
