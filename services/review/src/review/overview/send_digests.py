"""Once on the morning of each business day, everybody of the office is told what is open for them."""

from datetime import datetime

from cpt.campus.business_days import is_business_morning
from cpt.campus.clock import eastern_date
from cpt.contracts.staff import DigestPrepared
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Database
from review.overview.show_overview import sql
from review.store import calendar_in_force

FIGURES = ("waiting", "to_decide", "to_issue", "late", "tasks", "alerts", "overdue")


async def send_digests(database: Database, hour: int, now: datetime) -> int:
    """How many people were told; nobody before this Eastern `hour`, twice a day, on a day off, or of nothing."""
    today = eastern_date(now)
    async with database.transaction() as connection:
        if not is_business_morning(now, hour, (await calendar_in_force(connection)).closed_days):
            return 0
        rows = await connection.fetch(sql.claim_digests, today)
        for row in rows:
            adviser = row["audience"] == "adviser"
            to = Person(sub=row["sub"], name=row["name"], email=row["email"]) if adviser else None
            figures = {name: row[name] for name in FIGURES}
            event = DigestPrepared(day=today, audience=row["audience"], to=to, at=now, **figures)
            await append(connection, event, sequence=1, now=now)
        if rows:
            await connection.execute(sql.forget_digests, today)
    return len(rows)
