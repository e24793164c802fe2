"""Extracts hold rows of everybody; those of a term that nobody can be asked about any more are deleted (case 58)."""

from datetime import datetime, timedelta

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from enrollment_sync.extracts.store import sql
from enrollment_sync.store import calendar_in_force

_DAYS = timedelta(days=60)
"""As long as a watch lives after the end of its last term (P16)."""


async def forget_terms(database: Database, now: datetime) -> int:
    """One step of the loop. A term that the calendar lacks is kept: nobody knows when it ends."""
    async with database.transaction() as connection:
        calendar = await calendar_in_force(connection)
        over = [term.strm for term in calendar.terms if term.end + _DAYS < eastern_date(now)]
        await connection.execute(sql.forget_terms, over)
    return 0
