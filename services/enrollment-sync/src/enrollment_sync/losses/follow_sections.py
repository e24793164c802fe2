"""Another section of the same course, added in the same act: the CPT goes on and the watch follows (A24, case 74)."""

from datetime import datetime, timedelta

import structlog

from cpt.postgres import Connection
from enrollment_sync.domain import Codes, Course, Row
from enrollment_sync.dossier import Dossier
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.losses.loss import loss_shown
from enrollment_sync.losses.same_act import took_its_place
from enrollment_sync.mapping import facts_of
from enrollment_sync.store import save_watch, write_audit
from enrollment_sync.watch import Watch

log = structlog.get_logger()


async def follow_sections(
    connection: Connection, dossier: Dossier, before: EnrollmentRecord, now: datetime, window: timedelta
) -> None:
    """Before issuance too: a section is not the course. Nobody is disturbed; one audit entry and one line tell it."""
    if before is dossier.known or dossier.profile is None:
        return
    for watch in dossier.watches:
        for course in _left(dossier, watch, before):
            if section := _section(dossier, watch, course, before, now, window):
                watch.follow(course, section)
                await save_watch(connection, watch)
                sections = dict(strm=course.strm, left=course.class_nbr, followed=section.class_nbr)
                await write_audit(connection, now, "enrollment-sync", "section_followed", watch.request_id, **sections)
                log.info("section_followed", request_id=watch.request_id, strm=course.strm)


def _left(dossier: Dossier, watch: Watch, before: EnrollmentRecord) -> list[Course]:
    """Classes named by their number that the student sits in no more."""
    codes = dossier.policy.codes
    named = (
        Course(c.strm, c.subject, c.catalog_nbr, c.class_nbr) for c in watch.asked(before.enrollments, codes).courses
    )
    return [course for course in named if course.class_nbr and not _sits_in(course, dossier.known, codes)]


def _sits_in(course: Course, known: EnrollmentRecord, codes: Codes) -> bool:
    row = _row(course, known)
    if row is None or codes.standing(row.status) != "enrolled":
        return False
    return known.enrollments.ending(row, codes) is None


def _row(course: Course, known: EnrollmentRecord) -> Row | None:
    return next((row for row in known.enrollments.rows if course.names(row)), None)


def _section(
    dossier: Dossier, watch: Watch, course: Course, before: EnrollmentRecord, now: datetime, window: timedelta
) -> Row | None:
    inputs = dossier.inputs(watch, dossier.known)
    lost = _row(course, dossier.known)
    if inputs is None or (lost is None and _row(course, before) is None):
        return None
    loss = loss_shown(course.strm, None, lost, before, dossier.known, now, dossier.policy.codes)
    facts = facts_of(inputs.facts.model_copy(update={"courses": ()}), inputs.student)
    others = took_its_place(dossier.known, lost, course.strm, loss.origin, facts, window, dossier.policy)
    return next((row for row in others if course.is_section_of(row)), None)
