"""The last authorized day comes near: the student is reminded once, while there is time to ask for more."""

from datetime import datetime, timedelta

from cpt.campus.clock import eastern_date
from cpt.contracts.staff import AuthorizationEnding
from cpt.messaging import append
from cpt.postgres import Connection, Database
from review.authorizations import Authorization, latest_authorization
from review.store import Cause, sql, write_audit

SETTLED = timedelta(days=7)
"""The approval email names the same day; whoever has just read it needs no reminder."""


async def remind_ending(database: Database, now: datetime, days: int) -> int:
    """One step of the loop; how many were reminded. `days` before the last day, 0: never."""
    if not days:
        return 0
    today = eastern_date(now)
    async with database.transaction() as connection:
        last = today + timedelta(days=days)
        rows = await connection.fetch(sql.remind_of_end, today, last, now - SETTLED, now)
        for row in rows:
            standing = await latest_authorization(connection, row["request_id"])
            assert standing is not None, "the statement found it"
            await _tell(connection, standing, now)
    return len(rows)


async def _tell(connection: Connection, standing: Authorization, now: datetime) -> None:
    issued, last_day = standing.issued, standing.end
    assert last_day is not None, "a canceled one is not reminded of"
    version = await connection.fetchval(sql.touch_case, issued.request_id)
    event = AuthorizationEnding(
        **standing.about,
        employer=issued.employer,
        last_day=last_day,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)
    await write_audit(connection, Cause("remind_ending", None, now), "ending_reminded", issued.request_id)
