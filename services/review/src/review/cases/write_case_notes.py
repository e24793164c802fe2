"""Notes for staff alone, messages to the student (A20)."""

from datetime import datetime

from cpt.contracts.staff import StudentMessaged
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.ownership import lock_without_line
from review.cases.release import about
from review.store import Cause, sql, write_audit
from review.tasks.finish_task import finish_tasks_of_code
from review.tasks.store import ANSWERED


async def add_note(connection: Connection, request_id: str, author: Person, text: str, now: datetime) -> None:
    """Never in anything that a student can get: no event carries it. Raises `NoSuchCase`."""
    await lock_without_line(connection, request_id)
    await connection.execute(sql.add_note, request_id, now, author, text)
    await write_audit(connection, Cause("note", author.sub, now), "note_added", request_id)


async def message_student(connection: Connection, request_id: str, author: Person, text: str, now: datetime) -> None:
    """Mailed, and shown with the request; with it the student's own answers count as read. Raises `NoSuchCase`."""
    case = await lock_without_line(connection, request_id)
    await connection.execute(sql.add_message, request_id, now, author, text)
    version = await connection.fetchval(sql.touch_case, request_id)
    event = StudentMessaged(
        **about(case),
        reference=case.completed.reference,
        text=text,
        sent_by=author,
        recipient=case.completed.recipient,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)
    cause = Cause("message", author.sub, now)
    await finish_tasks_of_code(connection, request_id, ANSWERED, cause, author.sub)
    await write_audit(connection, cause, "student_messaged", request_id)
