"""Publishes an event about a loss for one request, and lists the authorizations that a loss hits."""

from collections.abc import Iterable
from datetime import date, datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.enrollment import QualifyingCourseReplaced, RequirementLost, RequirementRegained
from cpt.contracts.values import AuthorizationHit
from cpt.messaging import append
from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier
from enrollment_sync.store import save_watch
from enrollment_sync.watch import Watch


async def publish_for_watch(
    connection: Connection,
    watch: Watch,
    event: RequirementLost | RequirementRegained | QualifyingCourseReplaced,
    now: datetime,
) -> None:
    """Under the raised version of the watch."""
    await save_watch(connection, watch)
    await append(connection, event, sequence=watch.version, now=now)


def authorization_hits(
    dossier: Dossier, watches: Iterable[Watch], strm: str, effective: date, now: datetime
) -> tuple[AuthorizationHit, ...]:
    """Each with its position over the days from the effective date to today (A25)."""
    span = effective, eastern_date(now)
    return tuple(w.issued.hit(w.request_id, strm, span, dossier.calendar) for w in watches if w.issued)
