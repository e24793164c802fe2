"""QualifyingCourseReplaced: listed as MEDIUM and closed, with a task for the DSO; never an alarm (P26)."""

from uuid_utils import uuid7

from cpt.contracts.enrollment import QualifyingCourseReplaced, RequirementLost
from cpt.postgres import Connection
from review.alerts.domain import report_by
from review.alerts.store import NewAlert, insert_alert
from review.store import Cause, write_audit
from review.store import sql as review_sql


async def note_replacement(connection: Connection, event: QualifyingCourseReplaced, cause: Cause) -> None:
    """Another qualifying course took its place: the contract names the old one."""
    notice = NewAlert(
        alert_id=str(uuid7()),
        kind="notice",
        severity="MEDIUM",
        loss=_as_loss(event),
        report_by=report_by(event.effective_on),
        born_overdue=False,
        settles_at=event.event_time,
        closed_reason="swapped",
    )
    if not await insert_alert(connection, notice, cause.at):
        return
    detail = f"{event.previous_course} was replaced by {event.course}; please compare it with the agreement."
    for hit in event.authorizations:
        await connection.execute(review_sql.add_task, hit.request_id, "course_replaced", detail, cause.at)
    await write_audit(connection, cause, "course_replaced", notice.alert_id, loss_id=event.loss_id)


def _as_loss(event: QualifyingCourseReplaced) -> RequirementLost:
    """The board shows both kinds in one form."""
    return RequirementLost(
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
        qualifying_left=(event.course,),
    )
