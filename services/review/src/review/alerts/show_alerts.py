"""The alert as compliance sees it: evidence, three times kept apart, the days that are left."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.alerts.store import NOTHING_AROUND, Alert, find_alert, list_alerts, sql, surroundings_of
from review.alerts.view import AlertView, alert_view
from review.store import Cause, write_audit
from review.store import sql as review_sql

__all__ = ["AlertView", "log_reading", "show_alarms", "show_alert", "show_alerts", "show_figures"]


async def show_alert(connection: Connection, alert_id: str, now: datetime, viewer: str | None = None) -> AlertView:
    """`viewer`: an adviser who sees only what is theirs. Raises `NoSuchAlert`."""
    alert = await find_alert(connection, alert_id, viewer)
    around = await surroundings_of(connection, [alert_id])
    return alert_view(alert, around.get(alert_id, NOTHING_AROUND), now)


async def show_alerts(
    connection: Connection,
    state: str | None,
    limit: int | None,
    now: datetime,
    viewer: str | None,
    reader: str,
) -> list[AlertView]:
    """`reader`: whoever looks; nothing about their own request is shown (A31)."""
    alerts = await list_alerts(connection, state, limit, viewer, eastern_date(now), reader)
    return await views_of(connection, alerts, now)


async def views_of(connection: Connection, alerts: Sequence[Alert], now: datetime) -> list[AlertView]:
    """All with one statement more."""
    around = await surroundings_of(connection, [alert.alert_id for alert in alerts])
    return [alert_view(alert, around.get(alert.alert_id, NOTHING_AROUND), now) for alert in alerts]


async def log_reading(connection: Connection, reader: Person, now: datetime, alert_ids: Sequence[str]) -> None:
    """FERPA 99.32: an alert is a student's record."""
    cause = Cause("read", reader.sub, now)
    if len(alert_ids) == 1:
        await write_audit(connection, cause, "alert_read", alert_ids[0])
    else:
        await write_audit(connection, cause, "alerts_listed", "alerts", alert_ids=list(alert_ids))


async def show_figures(connection: Connection, month: date) -> dict[str, Any]:
    """The month's figures by the day an alert was raised; delays are medians in seconds, that from an effective
    date, which has no hour, also in days.
    """
    row = await connection.fetchrow(sql.month_figures, month)
    assert row is not None
    return {"month": f"{month:%Y-%m}", **dict(row)}


async def show_alarms(connection: Connection, now: datetime, hole_patience: timedelta) -> list[dict[str, Any]]:
    """What operations must mend: blindness, what the watcher says, the mass guard, holes in the line; no student."""
    monitoring = await connection.fetchrow(sql.find_monitoring)
    assert monitoring is not None
    since = monitoring["blind_since"]
    alarms = [{"code": "monitoring_blind", "since": since, "detail": reason} for reason in monitoring["reasons"]]
    alarms += monitoring["alarms"]
    alarms += [_parked(row["topic"], row["since"]) for row in await connection.fetch(sql.own_parked)]
    held = await connection.fetchrow(sql.held_since)
    if held is not None and held["alerts"]:
        detail = f"{held['alerts']} alerts are held by the mass guard until a director decides."
        alarms.append({"code": "alerts_held", "since": held["since"], "detail": detail})
    aside = await connection.fetchrow(review_sql.set_aside_since)
    if aside is not None and aside["numbers"]:
        detail = f"The academic calendar does not reach the training of {aside['numbers']} in line; load one that does."
        alarms.append({"code": "calendar_not_loaded", "since": aside["since"], "detail": detail})
    hole = await connection.fetchrow(sql.oldest_hole)
    if hole is not None and hole["since"] is not None and now - hole["since"] >= hole_patience:
        detail = f"Number {hole['missing']} has not arrived and holds the line."
        alarms.append({"code": "line_hole", "since": hole["since"], "detail": detail})
    return alarms


def _parked(topic: str, since: datetime) -> dict[str, Any]:
    detail = f"Messages on {topic} could not be read by review and wait for a decision."
    return {"code": "message_parked", "since": since, "detail": detail}
