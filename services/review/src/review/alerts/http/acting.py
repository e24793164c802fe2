"""Acting on one alert: the one way in, for the API and the pages, and the calls of the API."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from cpt.contracts.values import Person as Named
from cpt.postgres import Connection, Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Line, Text, WrittenDate
from cpt.web.people import named
from cpt.web.person import Person
from cpt.web.problems import plain_problem
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.ask_contact import ask_contact
from review.alerts.close_alert import Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.delegate_alert import delegate_alert
from review.alerts.http.callers import Reopener, Watcher, require_dso, viewer_of
from review.alerts.outcomes import AlertOutcome
from review.alerts.show_alerts import AlertView, show_alert
from review.alerts.treat_as_loss import call_it_a_loss

Act = Callable[[Connection, Named, datetime], Awaitable[None]]
Acting = Callable[[str, Person, Act], Awaitable[AlertView]]


class CommentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    comment: Annotated[Text, Field(max_length=4000)] = ""


class OutcomeBody(CommentBody):
    outcome: AlertOutcome
    on: WrittenDate | None = None


class DelegateBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    to: Annotated[Line, Field(min_length=1)]


def acting(database: Database, clock: Clock) -> Acting:
    """Runs an act on an alert that is the person's to act on, in one transaction. Raises `NoSuchAlert` for others'."""

    async def act(alert_id: str, person: Person, do: Act) -> AlertView:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))
            await do(connection, named(person), clock())
            return await show_alert(connection, alert_id, clock())

    return act


def recording(alert_id: str, person: Person, resolution: Resolution) -> Act:
    """The outcome of an alert. To confirm a new course is a DSO's act as well (A24). Raises a 403."""
    require_dso(person, resolution.outcome)

    async def record(connection: Connection, who: Named, now: datetime) -> None:
        shown = await show_alert(connection, alert_id, now)
        if shown["kind"] == "replaced" and resolution.outcome == "swapped" and not person.has("adviser", "director"):
            raise plain_problem(403, "A DSO confirms the course that a CPT rests on.")
        await close_alert(connection, alert_id, who, resolution, now)

    return record


def acting_router(database: Database, clock: Clock) -> APIRouter:
    """Each answers with the whole alert."""
    router = APIRouter(prefix="/api/alerts/{alert_id}", tags=["alerts"])
    act = acting(database, clock)

    @router.post("/acknowledge")
    async def acknowledge(alert_id: str, body: CommentBody, person: Watcher) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: acknowledge_alert(c, alert_id, who, body.comment, now))

    @router.post("/outcome")
    async def outcome(alert_id: str, body: OutcomeBody, person: Watcher) -> AlertView:
        resolution = Resolution(body.outcome, body.on, body.comment)
        return await act(alert_id, person, recording(alert_id, person, resolution))

    @router.post("/loss")
    async def loss(alert_id: str, body: CommentBody, person: Watcher) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: call_it_a_loss(c, alert_id, who, body.comment, now))

    @router.post("/confirm")
    async def confirm(alert_id: str, person: Watcher) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: confirm_outcome(c, alert_id, who, now))

    @router.post("/reopen")
    async def reopen(alert_id: str, body: CommentBody, person: Reopener) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: reopen_alert(c, alert_id, who, body.comment, now))

    @router.post("/contact")
    async def contact(alert_id: str, person: Watcher) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: ask_contact(c, alert_id, who, now))

    @router.post("/delegate")
    async def delegate(alert_id: str, body: DelegateBody, person: Watcher) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: delegate_alert(c, alert_id, who, body.to, now))

    return router
