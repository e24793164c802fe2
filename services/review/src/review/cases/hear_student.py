"""What the student tells after issuance: a task for a DSO, nothing ends by itself (R33)."""

from textwrap import shorten

from cpt.campus.clock import in_words
from cpt.contracts.intake import StudentAnswered, StudentReported, WarningAcknowledged
from cpt.postgres import Connection
from review.cases.warn_student import OPT_LOSS, UNREAD
from review.store import Cause, sql, write_audit
from review.tasks.finish_task import finish_tasks_of_code
from review.tasks.open_task import open_task
from review.tasks.store import ANSWERED

LONGEST = 300
"""Characters of an answer that stand in its task; the whole of it stands with the case."""
SENTENCES = {
    "withdrew_from_course": "The student says that the course was given up",
    "will_not_start": "The student says that the work will not start",
    "stopped_working": "The student says that the work has stopped",
    "other": "The student reports a change",
}


async def hear_student(connection: Connection, event: StudentReported, cause: Cause, *, task_days: int) -> None:
    """Also before anything else was heard of the request (P1, case 81)."""
    when = f" ({in_words(event.on)})" if event.on else ""
    words = f": {event.words}" if event.words else "."
    detail = f"{SENTENCES[event.what]}{when}{words}"
    await open_task(connection, event.request_id, f"student_{event.what}", detail, cause, days=task_days)
    await write_audit(connection, cause, "student_reported", event.request_id, what=event.what)


async def keep_answer(connection: Connection, event: StudentAnswered, cause: Cause, *, task_days: int) -> None:
    """The answer stands with the messages; a task, so that somebody reads it. Nothing is kept without a case."""
    if await connection.fetchval(sql.add_answer, event.request_id, event.at, event.text) is None:
        return
    detail = f"The student answered: {shorten(event.text, LONGEST, placeholder=' …')}"
    await open_task(connection, event.request_id, ANSWERED, detail, cause, days=task_days)
    await write_audit(connection, cause, "student_answered", event.request_id)


async def note_acknowledgement(connection: Connection, event: WarningAcknowledged, cause: Cause) -> None:
    """Case 68: the open task is done with it."""
    await connection.execute(sql.add_acknowledgement, event.request_id, event.code, event.at)
    if event.code == OPT_LOSS:
        await finish_tasks_of_code(connection, event.request_id, UNREAD, cause, "student")
    await write_audit(connection, cause, "warning_acknowledged", event.request_id, code=event.code)
