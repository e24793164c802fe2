"""QualifyingCourseReplaced: another course was added in the same act; a DSO confirms it, or calls it a loss (A24, P26)."""

from collections.abc import Sequence
from datetime import datetime

from uuid_utils import uuid7

from cpt.contracts.enrollment import QualifyingCourseReplaced
from cpt.postgres import Connection
from enrollment_sync.domain import Course
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.find_changes import RequirementChange
from enrollment_sync.losses.publish_for_watch import authorization_hits, publish_for_watch
from enrollment_sync.losses.publish_loss import add_hit, add_loss
from enrollment_sync.losses.remaining_load import remaining_load
from enrollment_sync.mapping import named_course


async def publish_replaced(
    connection: Connection, dossier: Dossier, changes: Sequence[RequirementChange], now: datetime
) -> None:
    """All of one act, with the class that took the place; it stays open until somebody confirms it."""
    loss, stays, loss_id = changes[0].loss, changes[0].stays, str(uuid7())
    assert loss is not None
    assert stays is not None
    await add_loss(connection, dossier, loss, loss_id, now, "replaced", held=False)
    watches = [change.watch for change in changes]
    left = remaining_load(dossier, loss.strm, loss.class_nbr)["other_courses"]
    for watch in watches:
        await add_hit(connection, dossier, watch, loss, loss_id, "replaced", now, stays.class_nbr)
    for watch in watches:
        event = QualifyingCourseReplaced(
            request_id=watch.request_id,
            loss_id=loss_id,
            emplid=dossier.emplid,
            student_name=dossier.profile.name if dossier.profile else None,
            sevis_id=dossier.profile.sevis_id if dossier.profile else None,
            authorizations=authorization_hits(dossier, watches, loss.strm, loss.effective_on, now),
            strm=loss.strm,
            previous_course=loss.course or "",
            course=" ".join(stays.course),
            replaced=named_course(Course.of(loss.row)) if loss.row else None,
            replacement=named_course(Course.of(stays)),
            other_courses=left,
            effective_on=loss.effective_on,
            event_time=loss.origin.happened_at,
            received_at=loss.origin.received_at,
            detected_at=max(now, loss.origin.received_at),
        )
        await publish_for_watch(connection, watch, event, now)
