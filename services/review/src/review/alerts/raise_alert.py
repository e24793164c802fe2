"""RequirementLost: one alert for each causing act, suspected at once and visible (P25, P26, R33)."""

from datetime import timedelta

from uuid_utils import uuid7

from cpt.contracts.enrollment import RequirementLost
from cpt.postgres import Connection
from review.alerts.domain import days_left, report_by, severity_of
from review.alerts.store import NewAlert, insert_alert
from review.store import Cause, write_audit


async def raise_alert(connection: Connection, event: RequirementLost, cause: Cause, settling: timedelta) -> None:
    """Later copies of the same loss add nothing. `settling`: counted from the event's own time."""
    deadline = report_by(event.effective_on)
    suspicion = NewAlert(
        alert_id=str(uuid7()),
        kind="loss",
        severity=severity_of([hit.position for hit in event.authorizations], event.cause),
        loss=event,
        report_by=deadline,
        born_overdue=days_left(deadline, cause.at) < 0,
        settles_at=event.event_time + settling,
        closed_reason=None,
    )
    if await insert_alert(connection, suspicion, cause.at):
        alert_id = suspicion.alert_id
        await write_audit(connection, cause, "alert_suspected", alert_id, loss_id=event.loss_id, held=event.held)
