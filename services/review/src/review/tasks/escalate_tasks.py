"""A task past its due day is told to its owner again and to the director, once."""

from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.staff import TaskEscalated
from cpt.postgres import Database
from review.store import Cause, write_audit
from review.tasks.open_task import publish_task
from review.tasks.store import Task, sql


async def escalate_tasks(database: Database, now: datetime) -> int:
    """One step of the loop; returns how many were escalated."""
    cause = Cause("escalate_tasks", None, now)
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.lock_late_tasks, eastern_date(now))
        for row in rows:
            task = Task(row["id"], row["request_id"], row["code"], row["detail"], row["due_on"])
            await connection.execute(sql.escalate_task, task.id, now)
            await publish_task(connection, TaskEscalated, task, cause)
            await write_audit(connection, cause, "task_escalated", task.request_id, code=task.code)
    return len(rows)
