"""A DSO named the new course on the case: what waited for that word is settled (A24)."""

from collections.abc import Sequence
from datetime import datetime

from cpt.contracts.values import NamedCourse, Person
from cpt.postgres import Connection
from review.alerts.close_alert import Resolution, close_confirmed
from review.alerts.store import add_note, alert_of, sql
from review.store import Cause


async def settle_replacements(
    connection: Connection, request_id: str, courses: Sequence[NamedCourse], dso: Person, now: datetime
) -> None:
    """Closes the alert once each authorization it hits rests on the new course; it stays open for the others."""
    named = {(course.strm, course.subject, course.catalog_nbr) for course in courses}
    cause = Cause("name_courses", dso.sub, now)
    for alert in map(alert_of, await connection.fetch(sql.lock_replacements_of, request_id)):
        new = alert.replaced.replacement if alert.replaced else None
        if new is None or (new.strm, new.subject, new.catalog_nbr) not in named:
            continue
        all_named = await connection.fetchval(sql.note_regained, alert.alert_id, [request_id])
        await add_note(connection, alert.alert_id, cause, f"{new.subject} {new.catalog_nbr} was confirmed on a case.")
        if all_named:
            await close_confirmed(connection, alert, Resolution("swapped"), cause)
