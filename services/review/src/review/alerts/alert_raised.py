"""AlertRaised: what the mail to compliance and to the adviser has to say (R33)."""

from datetime import datetime

from cpt.contracts.alerts import AlertRaised
from cpt.contracts.values import Recipient
from review.alerts.domain import days_left, learned_on_day, masked
from review.alerts.store import Alert, AlertContext


def alert_raised(alert: Alert, around: AlertContext, now: datetime, *, without_spire: bool) -> AlertRaised:
    """The SEVIS id is masked in everything that is mailed."""
    loss, profile = alert.loss, around.profile or {}
    return AlertRaised(
        alert_id=alert.alert_id,
        loss_id=alert.loss_id,
        severity=alert.severity,
        overdue=alert.born_overdue,
        emplid=loss.emplid,
        student_name=loss.student_name,
        sevis_id_masked=masked(loss.sevis_id),
        authorizations=loss.authorizations,
        strm=loss.strm,
        course=loss.course,
        cause=loss.cause,
        effective_on=alert.effective_on,
        received_at=loss.received_at,
        detected_at=loss.detected_at,
        report_by=alert.report_by,
        days_left=days_left(alert.report_by, now),
        assigned_adviser=_recipient(around),
        confirmed_without_spire=without_spire,
        class_nbr=loss.class_nbr,
        previous=loss.previous,
        current=loss.current,
        actor=loss.actor,
        program=profile.get("program"),
        level=profile.get("level"),
        learned_on_day=learned_on_day(alert.effective_on, loss.detected_at),
        units_after=loss.units_after,
        full_load=loss.full_load,
        kind=alert.about,
        other_courses=loss.other_courses,
        replacement=alert.replaced.course if alert.about == "replaced" and alert.replaced else None,
    )


def _recipient(around: AlertContext) -> Recipient | None:
    """Whoever holds the first case concerned, which after issuance is who issued it."""
    adviser = around.adviser
    return Recipient(name=adviser["name"] or adviser["sub"], email=adviser["email"]) if adviser else None
