"""A new version of the academic calendar: open requests are weighed again, open due dates move (cases 25, 26, 41)."""

from dataclasses import replace

from cpt.campus.business_days import due_on
from cpt.campus.calendar import AcademicCalendar, InvalidCalendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.messaging import Reject
from intake import events
from intake.domain.history import Code
from intake.domain.request import Request
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, calendar_in_force, lock_open_requests, save_request, sql

_LATER = "The academic calendar has a new closing day."
_EARLIER = "A closing day was taken off the academic calendar."


async def revise_calendar(work: UnitOfWork, event: CalendarRevised) -> None:
    """An older version than the one in force is kept and changes nothing; raises `Reject` for a broken one."""
    try:
        calendar = AcademicCalendar.parse(event.calendar)
    except InvalidCalendar as error:
        raise Reject(str(error)) from None
    if not await work.connection.fetchval(sql.put_calendar, calendar.version, event.calendar):
        return
    await work.audit("enrollment-sync", "calendar_revised", str(calendar.version))
    if (await calendar_in_force(work.connection)).version != calendar.version:
        return
    for request in await lock_open_requests(work.connection):
        settled = await reevaluate_request(work, request, request, "facts")
        await _move_due_date(work, settled, calendar)


async def _move_due_date(work: UnitOfWork, request: Request, calendar: AcademicCalendar) -> None:
    if request.received_at is None or request.due_on is None or request.phase != "complete":
        return
    due = due_on(request.received_at, calendar.closed_days)
    if due != request.due_on:
        moved = await save_request(work.connection, replace(request, due_on=due))
        why = _LATER if due > request.due_on else _EARLIER
        code: Code = "due_date_later" if due > request.due_on else "due_date_earlier"
        await add_history(work.connection, request.request_id, work.now, code, "system", due_on=due.isoformat())
        await work.audit("system", "due_date_moved", request.request_id, due_on=due.isoformat())
        await work.append(events.due_date_moved(moved, why), sequence=moved.version)
