"""The alerts' HTTP API (interfaces §3)."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from cpt.contracts.values import Person as Named
from cpt.postgres import Connection, Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Line, Text, WrittenDate
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import plain_problem
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.ask_contact import ask_contact
from review.alerts.close_alert import Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.delegate_alert import delegate_alert
from review.alerts.domain import AlertState
from review.alerts.outcomes import ACTS_OF_A_DSO, AlertOutcome
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import AlertView, log_reading, show_alarms, show_alert, show_alerts, show_figures
from review.settings import ReviewRules

Compliance = Annotated[Person, Depends(require("compliance", "director", "adviser"))]
Reopener = Annotated[Person, Depends(require("compliance", "director"))]
Director = Annotated[Person, Depends(require("director"))]
Operator = Annotated[Person, Depends(require("operations", "compliance", "director"))]
Comment = Annotated[Text, Field(max_length=4000)]
Act = Callable[[Connection, Named, datetime], Awaitable[None]]


class CommentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    comment: Comment = ""


class OutcomeBody(CommentBody):
    outcome: AlertOutcome
    on: WrittenDate | None = None


class DelegateBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    to: Annotated[Line, Field(min_length=1)]


def alerts_router(database: Database, clock: Clock) -> APIRouter:
    """Looking; compliance and directors see all, an adviser those of their own cases."""
    router = APIRouter(prefix="/api/alerts", tags=["alerts"])

    @router.get("")
    async def alerts(
        person: Compliance, state: AlertState | None = None, limit: Annotated[int | None, Query(ge=1, le=10_000)] = None
    ) -> list[AlertView]:
        async with database.transaction() as connection:
            found = await show_alerts(connection, state, limit, clock(), viewer_of(person))
            await log_reading(connection, _named(person), clock(), [alert["alert_id"] for alert in found])
            return found

    @router.get("/figures")
    async def figures(
        _: Compliance, month: Annotated[str, Query(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$")]
    ) -> dict[str, Any]:
        async with database.connection() as connection:
            return await show_figures(connection, date.fromisoformat(f"{month}-01"))

    @router.post("/held/release")
    async def release(director: Director) -> list[AlertView]:
        async with database.transaction() as connection:
            await release_held_alerts(connection, _named(director), clock())
            return await show_alerts(connection, "suspected", None, clock())

    @router.post("/held/reject")
    async def reject(director: Director) -> list[AlertView]:
        async with database.transaction() as connection:
            await reject_held_alerts(connection, _named(director), clock())
            return await show_alerts(connection, "suspected", None, clock())

    @router.get("/{alert_id}")
    async def one_alert(alert_id: str, person: Compliance) -> AlertView:
        async with database.transaction() as connection:
            found = await show_alert(connection, alert_id, clock(), viewer_of(person))
            await log_reading(connection, _named(person), clock(), [alert_id])
            return found

    return router


def judging_router(database: Database, clock: Clock) -> APIRouter:
    """Acting on an alert; each answers with the whole alert."""
    router = APIRouter(prefix="/api/alerts/{alert_id}", tags=["alerts"])

    async def act(alert_id: str, person: Person, do: Act) -> AlertView:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))
            await do(connection, _named(person), clock())
            return await show_alert(connection, alert_id, clock())

    @router.post("/acknowledge")
    async def acknowledge(alert_id: str, body: CommentBody, person: Compliance) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: acknowledge_alert(c, alert_id, who, body.comment, now))

    @router.post("/outcome")
    async def outcome(alert_id: str, body: OutcomeBody, person: Compliance) -> AlertView:
        require_dso(person, body.outcome)
        resolution = Resolution(body.outcome, body.on, body.comment)
        return await act(alert_id, person, lambda c, who, now: close_alert(c, alert_id, who, resolution, now))

    @router.post("/confirm")
    async def confirm(alert_id: str, person: Compliance) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: confirm_outcome(c, alert_id, who, now))

    @router.post("/reopen")
    async def reopen(alert_id: str, body: CommentBody, person: Reopener) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: reopen_alert(c, alert_id, who, body.comment, now))

    @router.post("/contact")
    async def contact(alert_id: str, person: Compliance) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: ask_contact(c, alert_id, who, now))

    @router.post("/delegate")
    async def delegate(alert_id: str, body: DelegateBody, person: Compliance) -> AlertView:
        return await act(alert_id, person, lambda c, who, now: delegate_alert(c, alert_id, who, body.to, now))

    return router


def viewer_of(person: Person) -> str | None:
    """None sees every alert."""
    return None if person.has("compliance", "director") else person.sub


def require_dso(person: Person, outcome: AlertOutcome) -> None:
    """Only a DSO approves a withdrawal or writes to SEVIS. Raises a 403."""
    if outcome in ACTS_OF_A_DSO and not person.has("adviser", "director"):
        raise plain_problem(403, "A DSO records this outcome: it is their act in SEVIS or their approval.")


def alarms_router(database: Database, rules: ReviewRules, clock: Clock) -> APIRouter:
    """What operations must mend; nothing about one student."""
    router = APIRouter(prefix="/api/alarms", tags=["operations"])

    @router.get("")
    async def alarms(_: Operator) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return await show_alarms(connection, clock(), rules.hole_alarm)

    return router


def _named(person: Person) -> Named:
    return Named(sub=person.sub, name=person.name, email=person.email)
