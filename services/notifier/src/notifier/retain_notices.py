"""Retention: old mails are deleted, and passed over while a legal hold stands (case 70)."""

from datetime import datetime

from cpt.postgres import Database
from notifier import store
from notifier.store import sql

ACTOR = "retention"


async def retain_notices(database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]:
    """One step: at most a hundred notices; returns their ids. The audit record stays and holds no address.

    A hold that is being told is waited for, and counts.
    """
    async with database.transaction() as connection:
        await connection.execute(sql.lock_holds)
        due = [row["id"] for row in await connection.fetch(sql.notices_past_retention, now, years)]
        if due and not dry_run:
            await connection.execute(sql.purge_notices, due)
            await store.audit(
                connection, "notices_purged", "notices", now, {"notices": len(due), "years": years}, ACTOR
            )
    return due
