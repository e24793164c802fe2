"""A new version of the academic calendar: open requests are weighed again, open due dates move (cases 25, 26, 41)."""

from dataclasses import replace
from datetime import datetime

from cpt.campus.business_days import due_on
from cpt.campus.calendar import AcademicCalendar, InvalidCalendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.messaging import Reject, append
from cpt.postgres import Connection
from intake import events
from intake.domain.history import Code
from intake.domain.request import Request
from intake.line.reevaluate_request import Change, reevaluate_request
from intake.store import add_history, calendar_in_force, lock_open_requests, save_request, sql, write_audit

_LATER = "The academic calendar has a new closing day."
_EARLIER = "A closing day was taken off the academic calendar."


async def revise_calendar(connection: Connection, event: CalendarRevised, now: datetime) -> None:
    """An older version than the one in force is kept and changes nothing; raises `Reject` for a broken one."""
    try:
        calendar = AcademicCalendar.parse(event.calendar)
    except InvalidCalendar as error:
        raise Reject(str(error)) from None
    if not await connection.fetchval(sql.put_calendar, calendar.version, event.calendar):
        return
    await write_audit(connection, now, "enrollment-sync", "calendar_revised", str(calendar.version))
    if (await calendar_in_force(connection)).version != calendar.version:
        return
    for request in await lock_open_requests(connection):
        settled = await reevaluate_request(connection, request, request, Change("facts", now))
        await _move_due_date(connection, settled, calendar, now)


async def _move_due_date(connection: Connection, request: Request, calendar: AcademicCalendar, now: datetime) -> None:
    if request.received_at is None or request.due_on is None or request.phase != "complete":
        return
    due = due_on(request.received_at, calendar.closed_days)
    if due != request.due_on:
        moved = await save_request(connection, replace(request, due_on=due))
        why = _LATER if due > request.due_on else _EARLIER
        code: Code = "due_date_later" if due > request.due_on else "due_date_earlier"
        await add_history(connection, request.request_id, now, code, "system", due_on=due.isoformat())
        await write_audit(connection, now, "system", "due_date_moved", request.request_id, due_on=due.isoformat())
        await append(connection, events.due_date_moved(moved, why), sequence=moved.version, now=now)
