"""The adviser's desk: the next case, my cases, what a director may do for an absent adviser."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.people import named
from review.cases.hand_over_case import reassign_case
from review.cases.page_of_cases import cases_in_hand
from review.cases.show_desk import known_as, own_requests, show_holders
from review.domain import Refused
from review.line.assign_next_case import assign_next_case
from review.line.show_line import line_in_short
from review.pages.common import Colleague, Director, LineReader, Staff, pages_of, to
from review.pages.listing import ROWS
from review.tasks.show_tasks import Asked, show_tasks


def desk_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    async def desk(request: Request, person: LineReader, said: str = "") -> Response:
        if not person.has("adviser", "director"):
            return to("/alerts" if person.has("compliance") else "/operations")
        async with database.connection() as connection:
            mine = await cases_in_hand(connection, person.sub)
            line = await line_in_short(connection, clock())
            tasks = await show_tasks(connection, Asked("open", person.sub, limit=ROWS), person.sub)
            holders = await show_holders(connection) if person.has("director") else []
        today = eastern_date(clock())
        shown: dict[str, Any] = {"mine": mine, "line": line, "holders": holders, "today": today, "said": said}
        shown["tasks"] = tasks
        return pages_of(request).render(request, "desk.html", **shown)

    @router.post("/next")
    async def take_next(adviser: Staff, key: Annotated[forms.Line, Form()]) -> Response:
        async with database.transaction() as connection:
            request_id = await assign_next_case(connection, named(adviser), key, clock())
        return to(f"/cases/{request_id}" if request_id else "/?said=none")

    @router.post("/hand-over")
    async def hand_over(
        director: Director,
        absent: Annotated[forms.Line, Form(min_length=1)],
        recipient: Colleague,
    ) -> Response:
        if absent == recipient:
            raise Refused("wrong_state", "Choose another adviser than the one who is absent.")
        async with database.transaction() as connection:
            holders = await show_holders(connection)
            new = known_as(recipient, holders, named(director))
            held = next((one["request_ids"] for one in holders if one["sub"] == absent), ())
            own = set(await own_requests(connection, director.sub)) | set(await own_requests(connection, recipient))
            for request_id in held:
                if request_id not in own:  # another director moves these (A31)
                    await reassign_case(connection, request_id, named(director), new, clock())
        return to("/?said=moved")

    return router
