"""An I-20 was issued, or imported: from now on every loss is an alert; one in the last moment too (P22, R32)."""

from datetime import datetime

from cpt.contracts.review import I20Issued
from cpt.contracts.staff import AuthorizationImported
from cpt.postgres import Connection
from enrollment_sync.courses.assume_courses import assume_courses
from enrollment_sync.courses.name_courses import name_courses
from enrollment_sync.due import make_check_due
from enrollment_sync.losses.detect_losses import detect_losses
from enrollment_sync.losses.guard import Guard
from enrollment_sync.store import calendar_in_force, load_dossier, sql
from enrollment_sync.watch import Issued, ends_on


async def watch_authorization(
    connection: Connection, event: I20Issued | AuthorizationImported, now: datetime, guard: Guard
) -> None:
    """Needs the student's lock. Issued wins over whatever came before; an older version is history."""
    emplid, calendar = event.facts.emplid, await calendar_in_force(connection)
    baseline = await connection.fetchval(sql.baseline_of, emplid)
    issued = Issued.of(event, calendar, baseline or 0)
    end = ends_on(event.facts, issued, calendar)
    facts = event.facts
    row = (event.request_id, emplid, facts, facts.facts_version, issued, end)
    if await connection.fetchval(sql.issue_watch, *row) is None:
        return
    courses = event.courses if isinstance(event, I20Issued) else ()
    await name_courses(connection, event.request_id, courses, facts.facts_version)
    dossier = await load_dossier(connection, emplid, calendar)
    assert dossier is not None, "the watch was opened just now"
    await assume_courses(connection, dossier, dossier.known, now)
    await detect_losses(connection, dossier, dossier.known, now, guard)
    await make_check_due(connection, [emplid], "issued", now)
