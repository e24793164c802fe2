"""The alerts' HTTP API (interfaces §3)."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from cpt.contracts.values import Person as Named
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import require
from cpt.web.person import Person
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.close_alert import AlertOutcome, Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.domain import AlertState
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import AlertView, show_alarms, show_alert, show_alerts, show_figures
from review.settings import ReviewRules

Compliance = Annotated[Person, Depends(require("compliance", "director", "adviser"))]
Reopener = Annotated[Person, Depends(require("compliance", "director"))]
Director = Annotated[Person, Depends(require("director"))]
Operator = Annotated[Person, Depends(require("operations", "compliance", "director"))]
Comment = Annotated[str, Field(max_length=4000)]


class CommentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    comment: Comment = ""


class OutcomeBody(CommentBody):
    outcome: AlertOutcome
    on: date | None = None


def alerts_router(database: Database, clock: Clock) -> APIRouter:
    """Look, acknowledge, record the outcome, open again."""
    router = APIRouter(prefix="/api/alerts", tags=["alerts"])

    @router.get("")
    async def alerts(
        _: Compliance, state: AlertState | None = None, limit: Annotated[int | None, Query(ge=1)] = None
    ) -> list[AlertView]:
        async with database.connection() as connection:
            return await show_alerts(connection, state, limit, clock())

    @router.get("/figures")
    async def figures(
        _: Compliance, month: Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
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
    async def one_alert(alert_id: str, _: Compliance) -> AlertView:
        async with database.connection() as connection:
            return await show_alert(connection, alert_id, clock())

    @router.post("/{alert_id}/acknowledge")
    async def acknowledge(alert_id: str, body: CommentBody, person: Compliance) -> dict[str, Any]:
        async with database.transaction() as connection:
            await acknowledge_alert(connection, alert_id, _named(person), body.comment, clock())
            return await show_alert(connection, alert_id, clock())

    @router.post("/{alert_id}/outcome")
    async def outcome(alert_id: str, body: OutcomeBody, person: Compliance) -> dict[str, Any]:
        async with database.transaction() as connection:
            resolution = Resolution(body.outcome, body.on, body.comment)
            await close_alert(connection, alert_id, _named(person), resolution, clock())
            return await show_alert(connection, alert_id, clock())

    @router.post("/{alert_id}/confirm")
    async def confirm(alert_id: str, person: Compliance) -> dict[str, Any]:
        async with database.transaction() as connection:
            await confirm_outcome(connection, alert_id, _named(person), clock())
            return await show_alert(connection, alert_id, clock())

    @router.post("/{alert_id}/reopen")
    async def reopen(alert_id: str, body: CommentBody, person: Reopener) -> dict[str, Any]:
        async with database.transaction() as connection:
            await reopen_alert(connection, alert_id, _named(person), body.comment, clock())
            return await show_alert(connection, alert_id, clock())

    return router


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
