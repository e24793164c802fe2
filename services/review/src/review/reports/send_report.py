"""On a month's first business day the director is told what became of the requests of the month before."""

from datetime import datetime

from cpt.campus.business_days import is_business_morning
from cpt.campus.clock import eastern_date
from cpt.contracts.staff import ReportPrepared
from cpt.messaging import append
from cpt.postgres import Database
from review.reports.show_report import before, show_report, sql
from review.store import calendar_in_force

_FIGURES = ("completed", "approved", "issued", "in_time", "returned", "denied", "median_days")


async def send_report(database: Database, hour: int, now: datetime) -> int:
    """Whether it was told: once for each month, not before this Eastern `hour`, and never of a month without requests."""
    async with database.transaction() as connection:
        if not is_business_morning(now, hour, (await calendar_in_force(connection)).closed_days):
            return 0
        month = before(eastern_date(now).replace(day=1))
        if not await connection.fetchval(sql.claim_month, month, now):
            return 0
        report = await show_report(connection, month)
        if report.is_empty:
            return 0
        event = ReportPrepared(month=month, at=now, **{name: report.total[name] for name in _FIGURES})
        await append(connection, event, sequence=1, now=now)
    return 1
