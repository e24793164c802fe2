"""Somebody has seen to a task, or what it rested on is settled."""

from datetime import datetime
from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.domain import Refused
from review.store import Cause, write_audit
from review.tasks.store import NoSuchTask, sql


async def finish_task(connection: Connection, task_id: int, person: Person, comment: str, now: datetime) -> None:
    """Raises `NoSuchTask`, or `Refused` where it is done already."""
    row = await connection.fetchrow(sql.finish_task, task_id, now, person.sub, comment or None)
    if row is None and await connection.fetchrow(sql.find_task, task_id) is None:
        raise NoSuchTask(task_id)
    if row is None:
        raise Refused("wrong_state", "There is no such open task; it may have been resolved already.")
    if comment:
        await connection.execute(sql.note_on_case, row["request_id"], now, person, comment)
    cause = Cause("finish_task", person.sub, now)
    await write_audit(connection, cause, "task_done", row["request_id"], code=row["code"])


async def finish_tasks_of_code(connection: Connection, request_id: str, code: str, cause: Cause, by: str) -> None:
    """What they asked for has happened; `by` is who did it."""
    await connection.execute(sql.finish_tasks_of_code, request_id, code, cause.at, by)


async def finish_tasks_about(connection: Connection, code: str, about: dict[str, Any], cause: Cause) -> None:
    """Of all requests, what rested on the same thing."""
    await connection.execute(sql.finish_tasks_about, code, about, cause.at, cause.actor or "system")
