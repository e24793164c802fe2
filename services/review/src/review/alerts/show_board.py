"""The board: a page of the alerts, what burns first, with what changed since this person's last look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from cpt.campus.clock import eastern_date
from cpt.postgres import Connection
from review.alerts.domain import Severity
from review.alerts.show_alerts import AlertView, views_of
from review.alerts.store import alert_of, sql
from review.store import sql as review_sql

Show = Literal["open", "unseen", "suspected", "overdue", "closed", "all"]
Sort = Literal["urgent", "due", "newest"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """`adviser` signs in by that name; None is any. Closed ones, and all of them, come newest first."""

    show: Show = "open"
    severity: Severity | None = None
    adviser: str | None = None
    strm: str | None = None
    sort: Sort = "urgent"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """`person` is who looks, about whom nothing is shown (A31); `viewer` limits an adviser to what is theirs to see."""

    person: str
    viewer: str | None


async def page_of_alerts(
    connection: Connection, chosen: Chosen, by: Onlooker, now: datetime, since: datetime | None, rows: tuple[int, int]
) -> list[AlertView]:
    """`rows`: how many, and after how many; each with `fresh`, whether it changed after `since`."""
    about = (chosen.show, by.viewer, by.person, chosen.severity, chosen.strm, chosen.adviser)
    if chosen.show in ("closed", "all"):
        found = await connection.fetch(sql.page_of_past_alerts, *about, *rows)
    else:
        found = await connection.fetch(sql.page_of_open_alerts, *about, *rows, chosen.sort, eastern_date(now))
    shown = await views_of(connection, [alert_of(row) for row in found], now)
    return [{**alert, "fresh": _fresh(alert, since)} for alert in shown]


async def count_alerts(
    connection: Connection, by: Onlooker, now: datetime, since: datetime | None
) -> Mapping[str, Any]:
    """Of the open ones by filter and severity; `held`, `fresh`, and `others`: open ones that the viewer is not shown.

    `closed` and `all` by severity; empty for a viewer who is not shown every alert.
    """
    row = await connection.fetchrow(sql.count_alerts, by.viewer, by.person, eastern_date(now), since)
    assert row is not None
    if by.viewer is not None:
        return {**row, "closed": {}, "all": {}}
    closed = {severity: (row["closed"] or {}).get(severity, 0) for severity in get_args(Severity)}
    return {**row, "closed": closed, "all": {severity: closed[severity] + row[severity] for severity in closed}}


def _fresh(alert: AlertView, since: datetime | None) -> bool:
    """Whether anything happened to it after the last look; before a first look nothing is old."""
    if since is None:
        return False
    times = (alert["detected_at"], alert["confirmed_at"], alert["acknowledged_at"], alert["closed_at"])
    return any(time is not None and time > since for time in times)


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
