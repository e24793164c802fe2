"""One alert in the form that people and programs read (R33, docs/api)."""

from datetime import datetime, timedelta
from typing import Any

from cpt.campus.clock import eastern_date, position
from cpt.campus.hours import as_number
from cpt.contracts.enrollment import RequirementLost
from cpt.contracts.values import AuthorizationHit
from review.alerts.domain import days_left, learned_on_day, masked
from review.alerts.sentence import sentence
from review.alerts.store import Alert, AlertContext

AlertView = dict[str, Any]


def alert_view(alert: Alert, around: AlertContext, now: datetime) -> AlertView:
    loss, left = alert.loss, days_left(alert.report_by, alert.closed_at or now)
    return {
        "alert_id": alert.alert_id,
        "loss_id": alert.loss_id,
        "kind": alert.about,
        "state": alert.state,
        "held": alert.held,
        "severity": alert.severity,
        "overdue": alert.kind == "loss" and left < 0,
        "born_overdue": alert.born_overdue,
        "student": _student(loss, around),
        "authorizations": [_authorization(hit, now) for hit in loss.authorizations],
        "sentence": sentence(alert),
        "other_courses": list(loss.other_courses),
        "replacement": alert.replaced.model_dump() if alert.replaced else None,
        "unnamed": loss.unnamed,
        "strm": loss.strm,
        "class_nbr": loss.class_nbr,
        "course": loss.course,
        "cause": loss.cause,
        "school_side": loss.cause == "school_side",
        "actor": loss.actor,
        "evidence": loss.evidence,
        "transition": {
            "previous": loss.previous.model_dump(mode="json") if loss.previous else None,
            "current": loss.current.model_dump(mode="json") if loss.current else None,
        },
        "qualifying_left": list(loss.qualifying_left) if loss.qualifying_left is not None else None,
        "load": {"units_after": loss.units_after, "full_load": loss.full_load},
        "adviser": {"sub": around.adviser["sub"], "name": around.adviser["name"]} if around.adviser else None,
        "delegates": list(around.delegates),
        **_times(alert),
        "report_by": alert.report_by,
        "days_left": left,
        "learned_on_day": learned_on_day(alert.effective_on, loss.detected_at),
        "notes": alert.notes,
        **_ending(alert),
    }


def _student(loss: RequirementLost, around: AlertContext) -> AlertView:
    profile = around.profile or {}
    known = {name: profile.get(name) for name in ("acad_career", "level", "program", "program_end_date")}
    return {"emplid": loss.emplid, "name": loss.student_name, "sevis_id": masked(loss.sevis_id), **known}


def _authorization(hit: AuthorizationHit, now: datetime) -> AlertView:
    """`position` is the one over the span from the effective date to the day of detection (A25); case 54: how long SEVIS still takes a cancellation."""
    start, end, today = hit.segments[0].start_date, hit.segments[-1].end_date, eastern_date(now)
    return {
        **hit.model_dump(mode="json"),
        "hours": {**hit.hours.model_dump(), "per_week": as_number(hit.hours.per_week)},
        "position_today": position(start, end, today),
        "cancel_until": start - timedelta(days=1) if today < start else None,
        "case": f"/cases/{hit.request_id}",
    }


def _times(alert: Alert) -> AlertView:
    """Three times kept apart, then what people did."""
    return {
        "effective_on": alert.effective_on,
        "received_at": alert.loss.received_at,
        "detected_at": alert.loss.detected_at,
        "confirmed_at": alert.confirmed_at,
        "confirmed_without_spire": alert.confirmed_without_spire,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
    }


def _ending(alert: Alert) -> AlertView:
    return {
        "outcome": alert.outcome,
        "outcome_on": alert.outcome_on,
        "outcome_comment": alert.outcome_comment,
        "proposed_outcome": alert.proposed_outcome,
        "proposed_by": alert.proposed_by,
        "closed_at": alert.closed_at,
        "closed_by": alert.closed_by,
        "closed_reason": alert.closed_reason,
    }
