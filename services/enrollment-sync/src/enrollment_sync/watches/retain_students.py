"""Retention: a student whom nobody has to know any more is forgotten, unless a legal hold stands (case 70)."""

from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from enrollment_sync.store import sql


async def retain_students(database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]:
    """One step: at most a hundred students; returns the ids of their requests. The audit record stays.

    The first look locks them (P16). Only the second one, under the locks, sees a hold or a watch that came meanwhile:
    their consumer needs the same lock.
    """
    today = eastern_date(now)
    async with database.transaction() as connection:
        due = await connection.fetch(sql.students_past_retention, today, years, None)
        if due and not dry_run:
            emplids = [row["emplid"] for row in due]
            due = await connection.fetch(sql.students_past_retention, today, years, emplids)
        requests = {request_id: row["counted_from"] for row in due for request_id in row["request_ids"]}
        if requests and not dry_run:
            await connection.execute(sql.purge_students, [row["emplid"] for row in due], list(requests))
            await connection.execute(sql.log_purged, now, list(requests), list(requests.values()), years)
    return list(requests)
