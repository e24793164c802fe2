"""A campus message about one watched student could not be read, or can be again (P29)."""

from cpt.contracts.enrollment import StudentMonitoringBlind, StudentMonitoringRestored
from cpt.postgres import Connection
from review.store import Cause, sql, write_audit
from review.tasks.finish_task import finish_tasks_of_code
from review.tasks.open_task import open_task

BLIND = "blind_for_student"


async def lose_sight(connection: Connection, event: StudentMonitoringBlind, cause: Cause, *, task_days: int) -> None:
    """Shown on case, board and work list until it is restored; more that is unread is told anew."""
    before = await connection.fetchval(
        sql.set_blind_for, event.request_id, event.emplid, event.since, list(event.unread)
    )
    if before is not None and set(before) >= set(event.unread):
        return
    if before is not None:
        await finish_tasks_of_code(connection, event.request_id, BLIND, cause, "system")
    detail = (
        f"Monitoring is blind for this student: {', '.join(event.unread) or 'a message'} could not be read. "
        "Look at the student's classes in SPIRE yourself until operations have dealt with it."
    )
    await open_task(connection, event.request_id, BLIND, detail, cause, days=task_days)
    await write_audit(connection, cause, "student_blind", event.request_id, unread=list(event.unread))


async def see_again(connection: Connection, event: StudentMonitoringRestored, cause: Cause) -> None:
    if await connection.fetchval(sql.set_seeing_for, event.request_id):
        await finish_tasks_of_code(connection, event.request_id, BLIND, cause, "system")
        await write_audit(connection, cause, "student_seen_again", event.request_id)
