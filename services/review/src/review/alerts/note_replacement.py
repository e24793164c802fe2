"""QualifyingCourseReplaced: MEDIUM and open until a DSO confirms the new course or calls it a loss (A24, P26)."""

from uuid_utils import uuid7

from cpt.contracts.enrollment import QualifyingCourseReplaced, RequirementLost
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.alert_raised import alert_raised
from review.alerts.domain import report_by, severity_of
from review.alerts.store import (
    NOTHING_AROUND,
    NewAlert,
    Replacement,
    insert_alert,
    lock_known_alert,
    surroundings_of,
)
from review.store import Cause, write_audit
from review.tasks.open_task import open_task

TASK = "course_replaced"


async def note_replacement(
    connection: Connection, event: QualifyingCourseReplaced, cause: Cause, *, task_days: int
) -> None:
    """Mailed to the adviser, and a task; no 21-day breach, for nothing may be lost."""
    notice = NewAlert(
        alert_id=str(uuid7()),
        kind="notice",
        severity=severity_of((), "replaced"),
        loss=_as_loss(event),
        report_by=report_by(event.effective_on),
        born_overdue=False,
        settles_at=event.event_time,
        replacement=Replacement(course=event.course, replaced=event.replaced, replacement=event.replacement),
    )
    if not await insert_alert(connection, notice, cause.at):
        return
    alert = await lock_known_alert(connection, notice.alert_id)
    around = (await surroundings_of(connection, [alert.alert_id])).get(alert.alert_id, NOTHING_AROUND)
    raised = alert_raised(alert, around, cause.at, without_spire=False)
    await append(connection, raised, sequence=alert.version, now=cause.at)
    detail = (
        f"{event.previous_course} was replaced by {event.course} in the same act. "
        f"Confirm {event.course} on the alert as the course the CPT rests on, or call it a loss."
    )
    for hit in event.authorizations:
        about = {"loss_id": event.loss_id}
        await open_task(connection, hit.request_id, TASK, detail, cause, days=task_days, about=about)
    await write_audit(connection, cause, TASK, notice.alert_id, loss_id=event.loss_id)


def _as_loss(event: QualifyingCourseReplaced) -> RequirementLost:
    """The board shows both kinds in one form."""
    return RequirementLost(
        request_id=event.request_id,
        loss_id=event.loss_id,
        emplid=event.emplid,
        student_name=event.student_name,
        sevis_id=event.sevis_id,
        authorizations=event.authorizations,
        strm=event.strm,
        class_nbr=event.replaced.class_nbr if event.replaced else None,
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
        other_courses=event.other_courses,
    )
