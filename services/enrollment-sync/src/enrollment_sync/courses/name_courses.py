"""What an adviser or a DSO confirmed: from now on it is looked for and watched (A23, A24)."""

from collections.abc import Sequence
from datetime import datetime

from cpt.contracts.staff import CourseConfirmed
from cpt.contracts.values import NamedCourse
from cpt.postgres import Connection
from enrollment_sync.due import make_check_due
from enrollment_sync.losses.detect_losses import detect_losses
from enrollment_sync.losses.guard import Guard
from enrollment_sync.store import calendar_in_force, load_dossiers, sql, students_of, write_audit


async def name_courses(
    connection: Connection, request_id: str, courses: Sequence[NamedCourse], facts_version: int | None = None
) -> None:
    """Courses of older facts are history; none at all leaves those of the facts."""
    if courses:
        basis = {"confirmed": [course.model_dump(mode="json") for course in courses], "unnamed": []}
        await connection.execute(sql.name_courses, request_id, basis, facts_version)


async def follow_confirmation(connection: Connection, event: CourseConfirmed, now: datetime, guard: Guard) -> None:
    """The watch moves; a replacement that is confirmed is open no more, and a course that is not there is a loss."""
    await name_courses(connection, event.request_id, event.courses)
    await connection.execute(sql.settle_replacement, event.request_id)
    await connection.execute(sql.close_settled_losses, event.request_id, now)
    emplids = await students_of(connection, [event.request_id])
    dossiers = await load_dossiers(connection, emplids, await calendar_in_force(connection))
    for dossier in dossiers.values():
        await detect_losses(connection, dossier, dossier.known, now, guard)
    await make_check_due(connection, emplids, "courses_confirmed", now)
    await write_audit(connection, now, "review", "courses_confirmed", event.request_id)
