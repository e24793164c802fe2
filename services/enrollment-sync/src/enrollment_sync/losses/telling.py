"""Every event about a loss is sent once for each request concerned, under its watch's version."""

from collections.abc import Sequence
from datetime import date, datetime

from cpt.contracts.enrollment import QualifyingCourseReplaced, RequirementLost, RequirementRegained
from cpt.contracts.values import AuthorizationHit
from cpt.messaging import append
from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier
from enrollment_sync.store import save_watch
from enrollment_sync.watch import Watch


async def tell(
    connection: Connection,
    watch: Watch,
    event: RequirementLost | RequirementRegained | QualifyingCourseReplaced,
    now: datetime,
) -> None:
    await save_watch(connection, watch)
    await append(connection, event, sequence=watch.version, now=now)


def hits(dossier: Dossier, watches: Sequence[Watch], strm: str, effective: date) -> tuple[AuthorizationHit, ...]:
    """Each with its position at the effective date."""
    return tuple(w.issued.hit(w.request_id, strm, effective, dossier.calendar) for w in watches if w.issued)
