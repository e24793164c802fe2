"""Retention: what nobody has to keep any more is deleted, logged, and passed over while a legal hold stands (case 70)."""

from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from review.search.save_summary import purge_unfinished
from review.store import Cause, sql, write_audit
from review.tasks.greet import forget_colleagues

CAUSE = "retention"


async def retain_cases(database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]:
    """One step: at most a hundred cases whose study and last event ended `years` ago; returns their ids.

    The audit record and the log of the line stay: they hold ids and codes. Documents are intake's to delete.
    """
    today = eastern_date(now)
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.cases_past_retention, today, years)
        due = [row["request_id"] for row in rows]
        for row in () if dry_run else rows:
            request_id = row["request_id"]
            await connection.execute(sql.purge_case, request_id)
            counted = row["counted_from"].isoformat()
            await write_audit(
                connection, Cause(CAUSE, None, now), "case_purged", request_id, counted_from=counted, years=years
            )
        if not dry_run:
            await purge_unfinished(connection, now, years)
            await forget_colleagues(connection, now, years)
    return due
