"""The board: what burns first, by filter, with what changed since this person's last look."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cpt.postgres import Connection
from review.alerts.show_alerts import AlertView
from review.alerts.store import sql
from review.store import sql as review_sql

FILTERS: Mapping[str, Callable[[AlertView], bool]] = {
    "open": lambda alert: alert["state"] != "closed",
    "unseen": lambda alert: alert["state"] == "confirmed",
    "suspected": lambda alert: alert["state"] == "suspected",
    "overdue": lambda alert: alert["overdue"] and alert["state"] != "closed",
    "closed": lambda alert: alert["state"] == "closed",
    "all": lambda _: True,
}
_BURNS = {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3}


def board_of(alerts: list[AlertView], show: str, since: datetime | None) -> dict[str, Any]:
    """`counts` by filter; `alerts` overdue first (A25), then by severity and the days that are left, closed ones newest first."""
    chosen = [alert for alert in alerts if FILTERS[show](alert)]
    still = sorted(
        (alert for alert in chosen if alert["state"] != "closed"),
        key=lambda alert: (not alert["overdue"], _BURNS[alert["severity"]], alert["days_left"]),
    )
    done = sorted(
        (alert for alert in chosen if alert["state"] == "closed"), key=lambda alert: alert["closed_at"], reverse=True
    )
    return {
        "alerts": [{**alert, "fresh": _fresh(alert, since)} for alert in (*still, *done)],
        "counts": {name: sum(map(belongs, alerts)) for name, belongs in FILTERS.items()},
        "fresh": sum(_fresh(alert, since) for alert in alerts),
        "held": sum(alert["held"] and alert["state"] == "suspected" for alert in alerts),
    }


def _fresh(alert: AlertView, since: datetime | None) -> bool:
    """Whether anything happened to it after the last look; before a first look nothing is old."""
    if since is None:
        return False
    times = (alert["detected_at"], alert["confirmed_at"], alert["acknowledged_at"], alert["closed_at"])
    return any(time is not None and time > since for time in times)


async def count_open(connection: Connection, reader: str) -> int:
    """Whosever student it is about, but the reader (A31): what a board of one's own students does not show."""
    found: int = await connection.fetchval(sql.count_open, reader)
    return found


async def show_watcher(connection: Connection) -> dict[str, Any]:
    """For the banner: since when nobody watches, and why."""
    row = await connection.fetchrow(sql.find_monitoring)
    assert row is not None
    return dict(row)


async def show_blind_students(connection: Connection) -> list[dict[str, Any]]:
    """About whom something could not be read: a loss of theirs might go unseen (P29)."""
    return [dict(row) for row in await connection.fetch(review_sql.blind_students)]


async def last_look(connection: Connection, person: str) -> datetime | None:
    at: datetime | None = await connection.fetchval(sql.find_look, person)
    return at


async def look(connection: Connection, person: str, now: datetime) -> None:
    await connection.execute(sql.put_look, person, now)
