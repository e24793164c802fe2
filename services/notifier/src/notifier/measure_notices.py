"""The figures of the notices that have not left (P38, case 62)."""

from datetime import datetime

from cpt.postgres import Database
from cpt.runtime import metrics
from notifier.store import sql


async def measure_notices(database: Database, now: datetime) -> int:
    """One step of the loop; always 0."""
    async with database.connection() as connection:
        rows = await connection.fetch(sql.notice_figures)
    counts = {(row["state"],): row["notices"] for row in rows}
    metrics.NOTICES.show_all({(state,): 0 for state in ("due", "sending", "failed")} | counts)
    oldest = min((row["oldest"] for row in rows if row["oldest"]), default=None)
    metrics.NOTICE_OLDEST.show((now - oldest).total_seconds() if oldest else 0)
    return 0
