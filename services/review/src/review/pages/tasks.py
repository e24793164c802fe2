"""The work list as a page, and its count in the header of every page."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.addresses import RowNumber
from cpt.web.people import current_person, named
from cpt.web.person import Person
from review.http.callers import Reader
from review.pages.common import Words, pages_of, to
from review.pages.listing import ROWS, Listing, PageNumber
from review.tasks.finish_task import finish_task
from review.tasks.greet import greet
from review.tasks.show_tasks import Asked, count_open_tasks, show_task, show_tasks

Show = Literal["open", "mine", "late", "done"]


def tasks_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/tasks")
    async def tasks(
        request: Request, person: Reader, show: Show = "open", page: PageNumber = 1, said: str = ""
    ) -> Response:
        today, listing = eastern_date(clock()), Listing("/tasks", {"show": show if show != "open" else None}, page)
        asked = Asked(
            "done" if show == "done" else "open",
            person.sub if show == "mine" else None,
            limit=ROWS + 1,
            due_by=today - timedelta(days=1) if show == "late" else None,
            offset=listing.offset,
        )
        async with database.connection() as connection:
            found = await show_tasks(connection, asked, person.sub)
            counts = await count_open_tasks(connection, person.sub, today)
        shown: dict[str, Any] = {"tasks": found[:ROWS], "more": len(found) > ROWS, "list": listing, "counts": counts}
        return pages_of(request).render(request, "tasks.html", show=show, said=said, today=today, **shown)

    @router.post("/tasks/{task_id}")
    async def done(
        task_id: RowNumber,
        person: Reader,
        comment: Words = "",
        back: Annotated[Literal["list", "case", "desk"], Form()] = "list",
    ) -> Response:
        async with database.transaction() as connection:
            await finish_task(connection, task_id, named(person), comment, clock())
            task = await show_task(connection, task_id)
        return to({"list": "/tasks?said=done", "case": f"/cases/{task['request_id']}", "desk": "/?said=done"}[back])

    return router


def counting(database: Database, clock: Clock) -> Callable[..., Awaitable[None]]:
    """A dependency of all pages: an adviser's count is of their own cases and of nobody's, the others' of all."""

    async def count(request: Request, person: Annotated[Person, Depends(current_person)]) -> None:
        shows = request.method == "GET" or request.url.path == "/search"
        if not shows or not person.has("adviser", "director", "compliance"):
            return
        owner = None if person.has("director", "compliance") else person.sub
        is_dso = person.has("adviser", "director")
        async with database.connection() as connection:
            greeting = await greet(connection, named(person), owner=owner, is_dso=is_dso, now=clock())
        request.state.badges = {"/tasks": greeting.tasks, "/alerts": greeting.alerts}
        request.state.names = greeting.names

    return count
