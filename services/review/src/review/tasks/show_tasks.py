"""The work list as people and programs read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cpt.postgres import Connection
from review.tasks.store import TaskView, sql, task_view


@dataclass(frozen=True, slots=True)
class Asked:
    """None is any; an `owner` signs in by that name."""

    state: Literal["open", "done"] | None = None
    owner: str | None = None
    code: str | None = None
    limit: int | None = None
    due_by: date | None = None
    offset: int = 0


async def show_tasks(connection: Connection, asked: Asked, viewer: str) -> list[TaskView]:
    """What is due first comes first; nothing about the viewer's own request (A31)."""
    about = (asked.state, asked.owner, asked.code, None, viewer, asked.limit, asked.due_by, asked.offset)
    rows = await connection.fetch(sql.list_tasks, *about)
    return [task_view(dict(row)) | {"reference": row["reference"], "student": row["student"]} for row in rows]


async def show_task(connection: Connection, task_id: int) -> TaskView:
    """Of a task that exists."""
    row = await connection.fetchrow(sql.find_task, task_id)
    assert row is not None
    return task_view(dict(row)) | {"reference": row["reference"], "student": row["student"]}


async def tasks_of(connection: Connection, request_id: str) -> list[TaskView]:
    """What is open for a case."""
    rows = await connection.fetch(sql.tasks_of, request_id)
    return [task_view(dict(row)) for row in rows if row["done_at"] is None]


async def count_open_tasks(connection: Connection, viewer: str, today: date) -> Mapping[str, int]:
    """`open`, `mine` and `late`."""
    row = await connection.fetchrow(sql.count_open_tasks, viewer, today)
    assert row is not None
    return dict(row)
