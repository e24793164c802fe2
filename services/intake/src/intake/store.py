"""Intake's rows, in and out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import asyncpg
from pydantic import TypeAdapter

from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.postgres import Connection, Queries
from intake.domain.agreements import Agreement
from intake.domain.changes import Changer
from intake.domain.document_items import Document
from intake.domain.flags import Twin
from intake.domain.history import Code, sentence
from intake.domain.request import Request
from intake.domain.settle import Evidence
from intake.letter import LetterText

sql = Queries("intake")

_REQUEST = TypeAdapter(Request)
_LETTER_TEXT = TypeAdapter(LetterText)


class NoSuchRequest(Exception):
    """There is none, or it belongs to someone else."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A paper in the object store; `text` is kept of offer letters only."""

    kind: str
    strm: str | None
    object_key: str
    sha256: str
    size: int
    media_type: str
    name: str
    scan: str
    received_at: datetime


async def insert_request(connection: Connection, request: Request) -> None:
    values = _REQUEST.dump_python(request, mode="json")
    await connection.execute(
        sql.insert_request,
        request.request_id,
        request.reference,
        request.emplid,
        request.submitted_at,
        values["student"],
        values["application"],
        request.phase,
        values["changes"],
    )


async def lock_request(connection: Connection, request_id: str) -> Request | None:
    row = await connection.fetchrow(sql.lock_request, request_id)
    return request_of(row) if row else None


async def find_request(connection: Connection, request_id: str) -> Request | None:
    row = await connection.fetchrow(sql.find_request, request_id)
    return request_of(row) if row else None


async def list_requests(
    connection: Connection, emplid: str | None, limit: int | None, offset: int = 0
) -> list[Request]:
    return [request_of(row) for row in await connection.fetch(sql.list_requests, emplid, limit, offset)]


async def lock_requests_of(connection: Connection, emplid: str) -> list[Request]:
    return [request_of(row) for row in await connection.fetch(sql.lock_requests_of, emplid)]


async def lock_open_requests(connection: Connection) -> list[Request]:
    return [request_of(row) for row in await connection.fetch(sql.lock_open)]


async def lock_students(connection: Connection, emplids: Collection[str]) -> None:
    await connection.execute(sql.lock_students, list(emplids))


async def lock_concerned(connection: Connection, request_ids: Collection[str], emplids: Collection[str]) -> None:
    """Students first, then requests, each in one order, so that two batches never wait for each other in a circle."""
    await lock_students(connection, emplids)
    await connection.execute(sql.lock_concerned, list(request_ids), list(emplids))


async def save_request(connection: Connection, request: Request, events: int = 0) -> Request:
    """Raises the version by the number of events to come, at least by one; needs the row's lock."""
    saved = replace(request, version=request.version + max(1, events))
    values = _REQUEST.dump_python(saved, mode="json")
    for plain in ("received_at", "due_on", "wish_at"):
        values[plain] = getattr(saved, plain)
    await connection.execute(sql.save_request, saved.request_id, *(values[name] for name in _SAVED))
    return saved


async def draw_numbers(
    connection: Connection, request_ids: Sequence[str], received_at: datetime, due_on: date
) -> list[Request]:
    rows = await connection.fetch(sql.draw_numbers, request_ids, received_at, due_on)
    return [request_of(row) for row in rows]


async def evidence_of(connection: Connection, request: Request, today: date) -> Evidence:
    documents = await connection.fetch(sql.current_documents, request.request_id)
    agreements = await connection.fetch(sql.agreements_of, request.emplid)
    return Evidence(
        documents=[Document(row["kind"], row["strm"]) for row in documents],
        agreements=[Agreement(**row) for row in agreements],
        calendar=await calendar_in_force(connection),
        today=today,
    )


async def current_documents(connection: Connection, request_id: str) -> list[StoredDocument]:
    return [StoredDocument(**row) for row in await connection.fetch(sql.current_documents, request_id)]


async def add_document(
    connection: Connection, request_id: str, document: StoredDocument, text: LetterText | None
) -> None:
    lines = _LETTER_TEXT.dump_python(text, mode="json") if text else None
    named = ("kind", "strm", "object_key", "sha256", "size", "media_type", "name", "scan")
    values = (getattr(document, name) for name in named)
    document_id = await connection.fetchval(sql.add_document, request_id, *values, lines, document.received_at)
    await connection.execute(sql.use_document, document_id)


async def draft_documents(
    connection: Connection, emplid: str, key: str
) -> list[tuple[StoredDocument, LetterText | None]]:
    """What came with a draft, the letter with its text."""
    found = [dict(row) for row in await connection.fetch(sql.draft_documents, emplid, key)]
    lines = [row.pop("text") for row in found]
    texts = [_LETTER_TEXT.validate_python(one) if one else None for one in lines]
    return [(StoredDocument(**row), text) for row, text in zip(found, texts, strict=True)]


async def add_draft_document(
    connection: Connection, emplid: str, key: str, document: StoredDocument, text: LetterText | None
) -> None:
    """Replaces the one of its kind and term."""
    about = (emplid, key, document.kind, document.strm)
    await connection.execute(sql.replace_draft_document, *about, document.received_at)
    named = ("object_key", "sha256", "size", "media_type", "name", "scan")
    lines = _LETTER_TEXT.dump_python(text, mode="json") if text else None
    values = (getattr(document, name) for name in named)
    await connection.execute(sql.add_draft_document, *about, *values, lines, document.received_at)


async def letter_text(connection: Connection, request_id: str) -> LetterText | None:
    lines = await connection.fetchval(sql.letter_text, request_id)
    return _LETTER_TEXT.validate_python(lines) if lines else None


async def put_agreement(connection: Connection, emplid: str, agreement: Agreement) -> bool:
    """False when this version or a later one was applied before."""
    return bool(
        await connection.fetchval(
            sql.put_agreement,
            agreement.agreement_id,
            emplid,
            agreement.version,
            agreement.kind,
            agreement.status,
            agreement.employer,
            agreement.start_date,
            agreement.end_date,
        )
    )


async def calendar_in_force(connection: Connection) -> AcademicCalendar:
    form = await connection.fetchval(sql.calendar_in_force)
    return AcademicCalendar.parse(form) if form else illustrative_calendar()


async def place_in_line(connection: Connection, request: Request) -> int | None:
    """P15; None for a request that does not wait."""
    if request.phase != "complete" or request.shown:
        return None
    place: int = await connection.fetchval(sql.place_in_line, request.receipt_number)
    return place


async def twins_of(connection: Connection, request: Request | None) -> list[Twin]:
    if request is None or request.application.span is None:
        return []
    start, end = (day.isoformat() for day in request.application.span)
    changed = request.changes and request.changes.request_id
    rows = await connection.fetch(sql.twins_of, request.emplid, request.request_id, start, end, changed)
    return [Twin(**row) for row in rows]


async def changers_of(connection: Connection, request: Request) -> list[Changer]:
    rows = await connection.fetch(sql.changers_of, request.emplid, request.request_id)
    return [Changer(**row) for row in rows]


async def add_history(
    connection: Connection, request_id: str, at: datetime, code: Code, by: str, **fields: Any
) -> None:
    """A line of what the student reads; `fields` are what its sentence needs, dates as ISO writes them."""
    await connection.execute(sql.add_history, request_id, at, code, fields, sentence(code, fields), by)


async def history_of(connection: Connection, request_id: str) -> list[dict[str, Any]]:
    """Oldest first, each with its sentence as it is worded now; a line from before the codes has none."""
    lines = [dict(row) for row in await connection.fetch(sql.history_of, request_id)]
    return [line | {"what": sentence(line["code"], line["fields"])} if line["code"] else line for line in lines]


async def write_audit(
    connection: Connection, at: datetime, actor: str, action: str, subject: str, **detail: Any
) -> None:
    await connection.execute(sql.write_audit, at, actor, action, subject, detail)


def request_of(row: asyncpg.Record) -> Request:
    return _REQUEST.validate_python(dict(row))


_SAVED = (
    "student", "application", "phase", "shown", "round", "receipt_number", "last_number", "received_at", "due_on",
    "facts_version", "facts_told", "facts", "agreement", "named", "agreement_lost", "returns", "disputes", "letter",
    "enrollment", "missing", "authorized", "wish_at", "confirmed", "loss_told", "i20_file", "version",
)  # fmt: skip
