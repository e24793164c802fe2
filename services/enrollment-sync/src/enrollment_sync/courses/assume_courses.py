"""Requests of before courses were named: the only class that looks like training is assumed, else somebody must name it."""

from datetime import datetime

from cpt.contracts.enrollment import CoursesAssumed
from cpt.messaging import append
from cpt.postgres import Connection
from enrollment_sync.domain import Course, Row, looks_like_training, running_of
from enrollment_sync.dossier import Dossier
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.mapping import classes_of, named_course
from enrollment_sync.store import save_watch
from enrollment_sync.watch import Basis, Watch


async def assume_courses(connection: Connection, dossier: Dossier, known: EnrollmentRecord, now: datetime) -> None:
    """Once every term was read. What an authorization rests on is assumed once; before that, each read may mend it."""
    for watch in dossier.watches:
        if not _nobody_named(watch) or not _readable(dossier, watch, known):
            continue
        basis = _assumed(dossier, watch, known)
        if basis != watch.basis:
            watch.basis = basis
            await save_watch(connection, watch)
            event = CoursesAssumed(
                request_id=watch.request_id,
                emplid=dossier.emplid,
                courses=basis.confirmed or (),
                unnamed=basis.unnamed or (),
                classes=classes_of(known.enrollments, watch.strms(dossier.calendar), dossier.policy.codes),
                at=now,
            )
            await append(connection, event, sequence=watch.version, now=now)


def _nobody_named(watch: Watch) -> bool:
    if watch.facts.courses or (watch.basis.confirmed is not None and not watch.basis.unnamed):
        return False
    return watch.basis.confirmed is None or watch.issued is None


def _readable(dossier: Dossier, watch: Watch, known: EnrollmentRecord) -> bool:
    strms = watch.strms(dossier.calendar)
    return dossier.profile is not None and bool(strms) and all(known.enrollments.known(strm) for strm in strms)


def _assumed(dossier: Dossier, watch: Watch, known: EnrollmentRecord) -> Basis:
    """A co-op needs one in all (A23)."""
    strms = sorted(watch.strms(dossier.calendar))
    found = {strm: row for strm in strms if (row := _only_training(dossier, known, strm))}
    unnamed = tuple(strm for strm in strms if strm not in found)
    courses = tuple(named_course(Course.of(row)) for row in found.values())
    enough = bool(found) and watch.facts.coop is not None
    return watch.basis.model_copy(update={"confirmed": courses, "unnamed": () if enough else unnamed})


def _only_training(dossier: Dossier, known: EnrollmentRecord, strm: str) -> Row | None:
    rows = [row for row in known.enrollments.in_term(dossier.emplid, strm) if row.is_primary]
    codes = dossier.policy.codes
    usual = [row for row in running_of(known.enrollments, rows, codes) if looks_like_training(row.course, codes)]
    return usual[0] if len(usual) == 1 else None
