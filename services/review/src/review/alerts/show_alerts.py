"""The alert as compliance sees it: evidence, three times kept apart, the days that are left."""

from datetime import date, datetime, timedelta
from typing import Any

from cpt.postgres import Connection
from review.alerts.acknowledge_alert import NoSuchAlert
from review.alerts.domain import days_left, masked
from review.alerts.store import Alert, find_alert, list_alerts, sql

AlertView = dict[str, Any]


async def show_alert(connection: Connection, alert_id: str, now: datetime) -> AlertView:
    """Raises `NoSuchAlert`."""
    alert = await find_alert(connection, alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    return view_of(alert, now)


async def show_alerts(connection: Connection, state: str | None, limit: int | None, now: datetime) -> list[AlertView]:
    return [view_of(alert, now) for alert in await list_alerts(connection, state, limit)]


def view_of(alert: Alert, now: datetime) -> AlertView:
    loss, left = alert.loss, days_left(alert.report_by, alert.closed_at or now)
    return {
        "alert_id": alert.alert_id,
        "loss_id": alert.loss_id,
        "kind": alert.kind,
        "state": alert.state,
        "held": alert.held,
        "severity": alert.severity,
        "overdue": alert.kind == "loss" and left < 0,
        "born_overdue": alert.born_overdue,
        "student": {"emplid": loss.emplid, "name": loss.student_name, "sevis_id": masked(loss.sevis_id)},
        "authorizations": [
            {**hit.model_dump(mode="json"), "hours": hit.hours.model_dump(mode="json")} for hit in loss.authorizations
        ],
        "strm": loss.strm,
        "class_nbr": loss.class_nbr,
        "course": loss.course,
        "cause": loss.cause,
        "actor": loss.actor,
        "evidence": loss.evidence,
        "transition": {
            "previous": loss.previous.model_dump(mode="json") if loss.previous else None,
            "current": loss.current.model_dump(mode="json") if loss.current else None,
        },
        "effective_on": alert.effective_on,
        "received_at": loss.received_at,
        "detected_at": loss.detected_at,
        "confirmed_at": alert.confirmed_at,
        "confirmed_without_spire": alert.confirmed_without_spire,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
        "report_by": alert.report_by,
        "days_left": left,
        "notes": alert.notes,
        "outcome": alert.outcome,
        "outcome_on": alert.outcome_on,
        "proposed_outcome": alert.proposed_outcome,
        "proposed_by": alert.proposed_by,
        "closed_at": alert.closed_at,
        "closed_by": alert.closed_by,
        "closed_reason": alert.closed_reason,
    }


async def show_figures(connection: Connection, month: date) -> dict[str, Any]:
    """The month's figures by the day an alert was raised; delays are medians in seconds."""
    row = await connection.fetchrow(sql.month_figures, month)
    assert row is not None
    return {"month": f"{month:%Y-%m}", **dict(row)}


async def show_alarms(connection: Connection, now: datetime, hole_patience: timedelta) -> list[dict[str, Any]]:
    """What operations must mend: blindness and holes in the line; never about one student."""
    monitoring = await connection.fetchrow(sql.find_monitoring)
    assert monitoring is not None
    since = monitoring["blind_since"]
    alarms = [{"code": "monitoring_blind", "since": since, "detail": reason} for reason in monitoring["reasons"]]
    hole = await connection.fetchrow(sql.oldest_hole)
    if hole is not None and hole["since"] is not None and now - hole["since"] >= hole_patience:
        detail = f"Number {hole['missing']} has not arrived and holds the line."
        alarms.append({"code": "line_hole", "since": hole["since"], "detail": detail})
    return alarms
