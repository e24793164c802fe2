"""RequirementLost: one alert for each causing act, suspected at once and visible (P25, P26, R33)."""

from datetime import timedelta

from uuid_utils import uuid7

from cpt.contracts.enrollment import QualifyingCourseReplaced, RequirementLost
from cpt.postgres import Connection
from review.alerts.domain import days_left, report_by, severity_of
from review.alerts.store import sql
from review.store import Cause, write_audit
from review.store import sql as review_sql


async def raise_alert(connection: Connection, event: RequirementLost, cause: Cause, settling: timedelta) -> None:
    """Later copies of the same loss add nothing. `settling`: counted from the event's own time."""
    deadline = report_by(event.effective_on)
    alert_id = await connection.fetchval(
        sql.insert_alert,
        str(uuid7()),
        event.loss_id,
        "loss",
        "suspected",
        severity_of([hit.position for hit in event.authorizations], event.cause),
        event.held,
        event,
        [hit.request_id for hit in event.authorizations],
        event.effective_on,
        deadline,
        days_left(deadline, cause.at) < 0,
        event.event_time + settling,
        cause.at,
        None,
        None,
    )
    if alert_id is not None:
        await write_audit(connection, cause, "alert_suspected", alert_id, loss_id=event.loss_id, held=event.held)


async def note_replacement(connection: Connection, event: QualifyingCourseReplaced, cause: Cause) -> None:
    """Another qualifying course took its place: listed as MEDIUM and closed, with a task for the DSO (P26)."""
    as_loss = RequirementLost(
        request_id=event.request_id,
        loss_id=event.loss_id,
        emplid=event.emplid,
        student_name=event.student_name,
        sevis_id=None,
        authorizations=event.authorizations,
        strm=event.strm,
        class_nbr=None,
        course=event.previous_course,
        previous=None,
        current=None,
        cause="other",
        effective_on=event.effective_on,
        event_time=event.event_time,
        received_at=event.received_at,
        detected_at=event.detected_at,
        actor=None,
        evidence=None,
        held=False,
    )
    deadline = report_by(event.effective_on)
    request_ids = [hit.request_id for hit in event.authorizations]
    alert_id = await connection.fetchval(
        sql.insert_alert,
        str(uuid7()),
        event.loss_id,
        "notice",
        "closed",
        "MEDIUM",
        False,
        as_loss,
        request_ids,
        event.effective_on,
        deadline,
        False,
        event.event_time,
        cause.at,
        cause.at,
        "swapped",
    )
    if alert_id is None:
        return
    detail = f"{event.previous_course} was replaced by {event.course}; please compare it with the agreement."
    for request_id in request_ids:
        await connection.execute(review_sql.add_task, request_id, "course_replaced", detail, cause.at)
    await write_audit(connection, cause, "course_replaced", alert_id, loss_id=event.loss_id)
