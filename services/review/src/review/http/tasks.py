"""The work list: what is open, for whom, and that somebody has seen to it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.addresses import AtMost, RowNumber
from cpt.web.forms import Text as AnyText
from cpt.web.people import named
from review.http.callers import Body, Reader
from review.tasks.finish_task import finish_task
from review.tasks.show_tasks import Asked, show_task, show_tasks
from review.tasks.store import TaskView


class CommentBody(Body):
    comment: AnyText = ""


def tasks_router(database: Database, clock: Clock) -> APIRouter:
    """Advisers, directors and compliance see all of it and work it."""
    router = APIRouter(prefix="/api/tasks", tags=["tasks"])

    @router.get("")
    async def tasks(
        person: Reader,
        state: Literal["open", "done"] | None = None,
        owner: Literal["me", "all"] = "all",
        code: Annotated[str | None, Query(max_length=100)] = None,
        limit: AtMost = None,
    ) -> list[TaskView]:
        asked = Asked(state, person.sub if owner == "me" else None, code, limit)
        async with database.connection() as connection:
            return await show_tasks(connection, asked, person.sub)

    @router.post("/{task_id}/done")
    async def done(task_id: RowNumber, body: CommentBody, person: Reader) -> TaskView:
        async with database.transaction() as connection:
            await finish_task(connection, task_id, named(person), body.comment, clock())
            return await show_task(connection, task_id)

    return router
