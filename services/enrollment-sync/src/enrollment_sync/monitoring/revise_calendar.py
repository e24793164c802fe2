"""A revised academic calendar: kept beside the old ones, told to everybody, every watch checked again (case 26)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.messaging import append
from cpt.postgres import Connection
from enrollment_sync.due import make_check_due
from enrollment_sync.store import calendar_in_force, require_newer, sql, write_audit


async def revise_calendar(connection: Connection, form: Mapping[str, Any], actor: str, now: datetime) -> int:
    """Returns the version. Raises cpt.campus's `InvalidCalendar` with every fault, `NotNewer`."""
    calendar = AcademicCalendar.parse(form)
    await connection.execute(sql.lock_revisions)
    current = await calendar_in_force(connection)
    require_newer(calendar.version, current.version)
    whole = calendar.to_form()
    await connection.execute(sql.add_calendar, calendar.version, whole, now, actor)
    event = CalendarRevised(version=calendar.version, calendar=whole)
    await append(connection, event, sequence=calendar.version, now=now)
    students = [row["emplid"] for row in await connection.fetch(sql.students_with_open_watch)]
    await make_check_due(connection, students, "calendar", now)
    await connection.execute(sql.end_alarms, "calendar_not_loaded", now)
    await write_audit(connection, now, actor, "calendar_revised", str(calendar.version))
    return calendar.version
