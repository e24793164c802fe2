"""What a case must know of its request beside its place in line."""

from collections.abc import Sequence

from cpt.campus.authorization import Segment
from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import eastern_date, in_words
from cpt.campus.segments import outside_terms
from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.intake import AgreementLost, DueDateMoved
from cpt.contracts.notifier import NoticeFailed
from cpt.postgres import Connection
from review.authorizations import authorizations_to_come
from review.store import Cause, calendar_in_force, sql, write_audit


async def tell_of_lost_agreement(connection: Connection, event: AgreementLost, cause: Cause) -> None:
    """After issuance: a task for the DSO, no state changes (P23, case 47)."""
    await connection.execute(sql.add_task, event.request_id, "agreement_lost", event.why, cause.at)


async def move_due_date(connection: Connection, event: DueDateMoved, cause: Cause) -> None:
    """Only in the round it was computed for (case 41)."""
    await connection.execute(sql.move_due_date, event.request_id, event.round, event.due_on)
    await write_audit(connection, cause, "due_date_moved", event.request_id, due_on=event.due_on.isoformat())


async def tell_of_failed_notice(connection: Connection, event: NoticeFailed, cause: Cause) -> None:
    """The student must be reached in another way (case 62)."""
    detail = f"The {event.kind} notice could not be delivered: {event.reason}"
    await connection.execute(sql.add_task, event.subject_id, "notice_failed", detail, cause.at)


async def use_calendar(connection: Connection, event: CalendarRevised, cause: Cause) -> None:
    """The old versions are kept; the gate asks for the one in force (P21)."""
    before = await calendar_in_force(connection)
    await connection.execute(sql.store_calendar, event.version, event.calendar)
    after = await calendar_in_force(connection)
    for standing in await authorizations_to_come(connection, eastern_date(cause.at)):
        segments = {Segment(one.strm, one.start_date, one.end_date) for one in standing.segments}
        fitted = segments.difference(outside_terms(segments, before))
        if left := sorted(outside_terms(fitted, after), key=lambda one: one.start_date):
            await connection.execute(
                sql.add_task, standing.request_id, "calendar_revised", _look_at(left, after), cause.at
            )


def _look_at(segments: Sequence[Segment], calendar: AcademicCalendar) -> str:
    """Case 26: a DSO decides; what was issued stays as it is."""
    days = " and ".join(f"{in_words(one.start_date)} to {in_words(one.end_date)}" for one in segments)
    return f"In the revised academic calendar (version {calendar.version}) no term covers {days}, which the I-20 names."
