"""A campus message about one student could not be read, or can be again (P29): the registrar's, or one of Handshake."""

from cpt.contracts.enrollment import StudentMonitoringBlind, StudentMonitoringRestored
from cpt.contracts.intake import AgreementsReadable, AgreementsUnreadable
from cpt.postgres import Connection
from review.cases.unread import what_is_unread
from review.store import Cause, sql, write_audit
from review.tasks.finish_task import finish_tasks_of_code
from review.tasks.open_task import open_task

BLIND = "blind_for_student"


async def record_blind_spot(
    connection: Connection, event: StudentMonitoringBlind | AgreementsUnreadable, cause: Cause, *, task_days: int
) -> None:
    """Shown on case, board and work list until it is restored; more that is unread is told anew."""
    row = (event.request_id, event.emplid, event.since, list(event.unread), _source(event))
    before = await connection.fetchval(sql.set_blind_for, *row)
    if before is not None and set(before) >= set(event.unread):
        return
    await _tell_anew(connection, event.request_id, cause, task_days)
    await write_audit(connection, cause, "student_blind", event.request_id, unread=list(event.unread))


async def see_again(
    connection: Connection, event: StudentMonitoringRestored | AgreementsReadable, cause: Cause, *, task_days: int
) -> None:
    if await connection.fetchval(sql.set_seeing_for, event.request_id, _source(event)):
        await _tell_anew(connection, event.request_id, cause, task_days)
        await write_audit(connection, cause, "student_seen_again", event.request_id)


async def _tell_anew(connection: Connection, request_id: str, cause: Cause, task_days: int) -> None:
    """One task for everything that is unread now."""
    await finish_tasks_of_code(connection, request_id, BLIND, cause, "system")
    if blind := await what_is_unread(connection, request_id):
        detail = (
            f"Monitoring is blind for this student: {', '.join(blind['unread']) or 'a message'} could not be read. "
            f"Look at {blind['look']} yourself until operations have dealt with it."
        )
        await open_task(connection, request_id, BLIND, detail, cause, days=task_days)


def _source(event: object) -> str:
    return "Handshake" if isinstance(event, AgreementsUnreadable | AgreementsReadable) else "SPIRE"
