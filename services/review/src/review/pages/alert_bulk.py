"""The same act on several alerts of the board, and its undoing."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from pydantic import Field
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.people import named
from cpt.web.problems import Problem, plain_problem
from review.alerts.act_on_many import acknowledge_alerts, assign_alerts, undo_acknowledging, undo_assigning
from review.alerts.http import Watcher, viewer_of
from review.pages.common import to
from review.pages.listing import ROWS

Chosen = Annotated[list[forms.Line] | None, Field(max_length=ROWS), Form()]
"""Ids of alerts on one page of the board."""


def alert_bulk(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/alerts/bulk")
    async def bulk(
        person: Watcher,
        kind: Annotated[Literal["acknowledge", "assign", "undo_acknowledge", "undo_assign"], Form(alias="act")],
        alert: Chosen = None,
        recipient: Annotated[forms.Line, Form(alias="to")] = "",
        at: Annotated[datetime | None, Form()] = None,
    ) -> Response:
        now, who = clock(), named(person)
        if kind in ("assign", "undo_assign") and not person.has("compliance", "director"):
            raise plain_problem(403)
        if kind == "assign" and not recipient:
            raise Problem(422, "missing", "No adviser was chosen", "Choose who shall see these alerts too.")
        async with database.transaction() as connection:
            match kind:
                case "acknowledge":
                    done = await acknowledge_alerts(connection, alert or (), viewer_of(person), who, now)
                case "assign":
                    done = await assign_alerts(connection, alert or (), recipient, who, now)
                case "undo_acknowledge" if at:
                    done = await undo_acknowledging(connection, who, at, now)
                case _ if at:
                    done = await undo_assigning(connection, who, at, now)
                case _:
                    done = 0
        if not done:
            raise Problem(409, "wrong_state", "Nothing was changed", "Choose alerts that are still open to this act.")
        said = {"acknowledge": "acknowledged", "assign": "assigned"}.get(kind, "undone")
        return to(f"/alerts?{urlencode({'said': said, 'at': now.isoformat()})}")

    return router
