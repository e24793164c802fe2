"""What a case must know of its request beside its place in line."""

from collections.abc import Sequence

from cpt.campus.authorization import Segment
from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import eastern_date, in_words
from cpt.campus.policy import IN_FORCE
from cpt.campus.segments import further_outside_terms
from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.intake import AgreementLost, DueDateMoved
from cpt.contracts.notifier import NoticeFailed
from cpt.postgres import Connection
from review.authorizations import authorizations_to_come
from review.store import Cause, calendar_in_force, sql, write_audit
from review.tasks.open_task import open_task

CHANGED = frozenset({"changed", "mismatch"})
"""Verdicts on an agreement that is approved still, but not what was authorized."""


async def publish_lost_agreement(connection: Connection, event: AgreementLost, cause: Cause, *, task_days: int) -> None:
    """After issuance: a task for the DSO each time it is told otherwise, no state changes (P23, cases 47 and 79)."""
    code = "agreement_changed" if event.verdict in CHANGED else "agreement_lost"
    told = event.model_dump(mode="json", include={"agreement_id", "version", "verdict", "start_date", "end_date"})
    await open_task(connection, event.request_id, code, event.why, cause, days=task_days, about={"agreement": told})
    await write_audit(connection, cause, code, event.request_id, verdict=event.verdict, version=event.version)


async def move_due_date(connection: Connection, event: DueDateMoved, cause: Cause) -> None:
    """Only in the round it was computed for (case 41)."""
    await connection.execute(sql.move_due_date, event.request_id, event.round, event.due_on)
    await write_audit(connection, cause, "due_date_moved", event.request_id, due_on=event.due_on.isoformat())


async def publish_failed_notice(connection: Connection, event: NoticeFailed, cause: Cause, *, task_days: int) -> None:
    """Whoever it was for must be reached in another way (case 62). A task about a task's own mail would never end."""
    await write_audit(connection, cause, "notice_failed", event.subject_id, kind=event.kind)
    if event.kind == "task":
        return
    detail = f"The {event.kind.replace('_', ' ')} notice could not be delivered: {event.reason}"
    concerned = await connection.fetchval(sql.request_of_subject, event.subject_id)
    await open_task(connection, concerned or event.subject_id, "notice_failed", detail, cause, days=task_days)


async def use_calendar(connection: Connection, event: CalendarRevised, cause: Cause, *, task_days: int) -> None:
    """The old versions are kept; the gate asks for the one in force (P21)."""
    policy, before = IN_FORCE.get(), await calendar_in_force(connection)
    await connection.execute(sql.store_calendar, event.version, event.calendar)
    after = await calendar_in_force(connection)
    for standing in await authorizations_to_come(connection, eastern_date(cause.at)):
        if standing.issued.facts.coop is not None:
            continue  # its days are the contract's, whatever the calendar says (R59)
        segments = {Segment(one.strm, one.start_date, one.end_date) for one in standing.segments}
        if left := sorted(further_outside_terms(segments, before, after, policy), key=lambda one: one.start_date):
            words = _look_at(left, after)
            await open_task(connection, standing.request_id, "calendar_revised", words, cause, days=task_days)


def _look_at(segments: Sequence[Segment], calendar: AcademicCalendar) -> str:
    """Case 26: a DSO decides; what was issued stays as it is."""
    days = " and ".join(f"{in_words(one.start_date)} to {in_words(one.end_date)}" for one in segments)
    return f"In the revised academic calendar (version {calendar.version}) no term covers {days} as a whole, which the I-20 names."
