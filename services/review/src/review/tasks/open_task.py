"""A task for a person of the office: kept, and told, so that its owner is written to."""

from typing import Any

from cpt.campus.business_days import add_business_days
from cpt.campus.clock import eastern_date
from cpt.contracts.staff import TaskEscalated, TaskOpened
from cpt.contracts.values import Person, Recipient
from cpt.messaging import append
from cpt.postgres import Connection
from review.store import Cause, calendar_in_force
from review.tasks.store import Task, sql

DAYS = 2
"""Business days until a task is escalated, where nobody set it otherwise."""


async def open_task(
    connection: Connection,
    request_id: str,
    code: str,
    message: str,
    cause: Cause,
    *,
    days: int,
    about: dict[str, Any] | None = None,
) -> None:
    """Also before anything else was heard of the request (P1); an open task of the same words is the same task.

    `days`: business days until it is escalated; `about`: what it rests on, by which it is settled.
    """
    closures = (await calendar_in_force(connection)).closed_days
    today = eastern_date(cause.at)
    due_on = add_business_days(today, days, closures) if days else today
    task_id = await connection.fetchval(sql.add_task, request_id, code, message, cause.at, due_on, about or {})
    if task_id is not None:
        await publish_task(connection, TaskOpened, Task(task_id, request_id, code, message, due_on), cause)


async def publish_task(
    connection: Connection, kind: type[TaskOpened | TaskEscalated], task: Task, cause: Cause
) -> None:
    """To whoever holds the case now; to the office where nobody does."""
    case = await connection.fetchrow(sql.case_of_task, task.request_id)
    event = kind(
        request_id=task.request_id,
        round=case["round"] if case else 0,
        receipt_number=case["receipt_number"] if case else None,
        task_id=str(task.id),
        code=task.code,
        message=task.message,
        reference=(case and case["reference"]) or "",
        student_name=(case and case["student"]) or "",
        owner=_owner(case["holder"]) if case and case["holder"] else None,
        due_on=task.due_on,
        at=cause.at,
    )
    await append(connection, event, sequence=case["version"] if case else 1, now=cause.at)


def _owner(holder: dict[str, Any]) -> Recipient:
    person = Person.model_validate(holder)
    return Recipient(name=person.name or person.sub, email=person.email)


async def reopen_task(connection: Connection, told: TaskOpened) -> bool:
    """After a restore: whether a task that was told of had been lost; nobody knows whether somebody had done it."""
    about = (told.request_id, told.code, told.message, told.at, told.due_on)
    return bool(await connection.fetchval(sql.reopen_task, *about))
