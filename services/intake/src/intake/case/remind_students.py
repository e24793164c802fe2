"""A day comes near while something is open: the student is reminded, once for each such day (R23, R54)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.intake import StudentReminded
from cpt.contracts.values import ChangedAuthorization, MissingItem, Recipient
from cpt.messaging import append
from cpt.postgres import Connection, Database
from intake.domain.request import Request
from intake.store import calendar_in_force, request_of, save_request, sql, write_audit

SETTLED = timedelta(days=1)
"""What the student has just read about the request says the same."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days before the requested first day, and before the first day of a term; 0: nobody is reminded of it."""

    start: int
    term: int


async def remind_students(database: Database, now: datetime, ahead: Ahead) -> int:
    """One step of the loop; how many were reminded."""
    today = eastern_date(now)
    async with database.transaction() as connection:
        reminded = 0
        if ahead.start:
            near = (today, today + timedelta(days=ahead.start), now - SETTLED)
            reminded += await _tell_all(connection, await connection.fetch(sql.start_is_near, *near), now)
        for term in (await calendar_in_force(connection)).terms:
            if today < term.start <= today + timedelta(days=ahead.term):
                rows = await connection.fetch(sql.term_is_near, f"enrollment.{term.strm}.", term.start, now - SETTLED)
                reminded += await _tell_all(connection, rows, now, (term.start, term.name))
    return reminded


async def _tell_all(
    connection: Connection, rows: Collection[Any], now: datetime, term: tuple[date, str] | None = None
) -> int:
    for row in rows:
        await _tell(connection, request_of(row), now, term)
    return len(rows)


async def _tell(connection: Connection, request: Request, now: datetime, term: tuple[date, str] | None) -> None:
    assert request.facts is not None, "the statement found its first day, or what a check of it found"
    day, name = term or (request.facts.start_date, None)
    saved = await save_request(connection, request)
    event = StudentReminded(
        request_id=request.request_id,
        reference=request.reference,
        what="term_near" if term else "start_near",
        day=day,
        term=name,
        employer=request.application.employer or None,
        missing=tuple(MissingItem.model_validate(item, from_attributes=True) for item in request.missing),
        changes=ChangedAuthorization.model_validate(request.changes, from_attributes=True) if request.changes else None,
        recipient=Recipient.model_validate(request.student, from_attributes=True),
        at=now,
    )
    await connection.execute(sql.mark_student_reminded, request.request_id, event.what, day, now)
    await append(connection, event, sequence=saved.version, now=now)
    await write_audit(connection, now, "system", "student_reminded", request.request_id)
