"""A SPIRE read that somebody waits for; several reasons make one read (P37)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from cpt.postgres import Connection
from cpt.tracing import carried
from enrollment_sync.store import sql

Why = Literal[
    "submitted",
    "assigned",
    "approved",
    "issuance",
    "issued",
    "confirmation",
    "event",
    "settling",
    "parked",
    "records_gone",
    "reconciliation",
    "calendar",
    "alert_closed",
    "courses_confirmed",
    "reported",
    "codes",
    "load",
    "status",
    "restored",
    "assignment",
    "authorization_changed",
]
LONGEST_BACK_OFF = timedelta(seconds=60)


async def make_check_due(
    connection: Connection, emplids: Iterable[str], why: Why, at: datetime, attempts: int = 0
) -> None:
    """A read that runs already does not count: it began too early."""
    await connection.execute(sql.make_check_due, list(emplids), why, at, attempts, carried())


def back_off(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to a minute (P3)."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_BACK_OFF)
