"""What a case must know of its request beside its place in line."""

from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.intake import AgreementLost, DueDateMoved
from cpt.contracts.notifier import NoticeFailed
from cpt.postgres import Connection
from review.store import Cause, sql, write_audit


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


async def use_calendar(connection: Connection, event: CalendarRevised, _: Cause) -> None:
    """The old versions are kept; the gate asks for the one in force (P21)."""
    await connection.execute(sql.store_calendar, event.version, event.calendar)
