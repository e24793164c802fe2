"""What the person answers whom a student says to have consulted (R20): shown with the case, decided by a DSO."""

from cpt.contracts.intake import ConsultationAnswered, ConsultationAsked
from cpt.postgres import Connection
from review.store import Cause, find_case, sql, write_audit
from review.tasks.open_task import open_task


async def note_consultation_asked(connection: Connection, event: ConsultationAsked, cause: Cause) -> None:
    """Also before the case is there (P1)."""
    await connection.execute(
        sql.put_consultation, event.request_id, event.consultation_id, event.recipient.name, event.at
    )
    await write_audit(connection, cause, "consultation_asked", event.request_id, reminder=event.reminder)


async def note_consultation_answer(
    connection: Connection, event: ConsultationAnswered, cause: Cause, *, task_days: int
) -> None:
    """A flag before the decision; after issuance, where nobody looks for flags, a task."""
    about = (event.request_id, event.consultation_id, event.name, event.at, event.answer, event.comment)
    await connection.execute(sql.answer_consultation, *about)
    await write_audit(connection, cause, "consultation_answered", event.request_id, answer=event.answer)
    case = await find_case(connection, event.request_id)
    if event.answer == "not_held" and case is not None and case.state == "issued":
        detail = f"{event.name} answers that the student has not consulted them about this training (R20)."
        await open_task(connection, event.request_id, "consultation_not_held", detail, cause, days=task_days)
