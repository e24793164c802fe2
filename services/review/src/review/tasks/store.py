"""The tasks' rows, in and out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cpt.postgres import Queries

sql = Queries("review.tasks")

TaskView = dict[str, Any]

ANSWERED = "student_answered"
"""The task that a student's answer to a message opens, and the next message closes."""


class NoSuchTask(Exception):
    """Nobody has a task of this number."""


@dataclass(frozen=True, slots=True)
class Task:
    """What an event tells of a task."""

    id: int
    request_id: str
    code: str
    message: str
    due_on: date


def task_view(row: Mapping[str, Any]) -> TaskView:
    """`owner` signs in by that name: whoever holds the case; None is the office as a whole."""
    holder = row["holder"] or {}
    return {
        "task_id": str(row["id"]),
        "code": row["code"],
        "message": row["detail"],
        "owner": holder.get("sub"),
        "owner_name": holder.get("name"),
        "since": row["raised_at"],
        "due_on": row["due_on"],
        "escalated_at": row["escalated_at"],
        "done_at": row["done_at"],
        "done_by": row["done_by"],
        "comment": row["comment"],
        "request_id": row["request_id"],
    }
