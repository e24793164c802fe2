"""QualifyingCourseReplaced: another qualifying course took its place, which is a notice and no alarm (P26)."""

from collections.abc import Sequence
from datetime import datetime

from uuid_utils import uuid7

from cpt.contracts.enrollment import QualifyingCourseReplaced
from cpt.postgres import Connection
from enrollment_sync.domain import QualifyingClass
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.loss import Loss
from enrollment_sync.losses.telling import hits, tell
from enrollment_sync.watch import Watch


async def tell_replaced(
    connection: Connection, dossier: Dossier, watches: Sequence[Watch], loss: Loss, left: QualifyingClass, now: datetime
) -> None:
    loss_id = str(uuid7())
    for watch in watches:
        event = QualifyingCourseReplaced(
            request_id=watch.request_id,
            loss_id=loss_id,
            emplid=dossier.emplid,
            student_name=dossier.profile.name if dossier.profile else None,
            authorizations=hits(dossier, watches, loss.strm, loss.effective_on),
            strm=loss.strm,
            previous_course=loss.course or "",
            course=left.course,
            effective_on=loss.effective_on,
            event_time=loss.origin.happened_at,
            received_at=loss.origin.received_at,
            detected_at=max(now, loss.origin.received_at),
        )
        await tell(connection, watch, event, now)
