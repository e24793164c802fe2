"""Looking at alerts and alarms, and deciding on held ones."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from review.alerts.domain import AlertState
from review.alerts.http.callers import Director, Operator, Watcher, viewer_of
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import AlertView, log_reading, show_alarms, show_alert, show_alerts, show_figures
from review.settings import ReviewRules


def alerts_router(database: Database, clock: Clock) -> APIRouter:
    """Compliance and directors see all, an adviser those of their own cases."""
    router = APIRouter(prefix="/api/alerts", tags=["alerts"])

    @router.get("")
    async def alerts(
        person: Watcher, state: AlertState | None = None, limit: Annotated[int | None, Query(ge=1, le=10_000)] = None
    ) -> list[AlertView]:
        async with database.transaction() as connection:
            found = await show_alerts(connection, state, limit, clock(), viewer_of(person), person.sub)
            await log_reading(connection, named(person), clock(), [alert["alert_id"] for alert in found])
            return found

    @router.get("/figures")
    async def figures(
        _: Watcher, month: Annotated[str, Query(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$")]
    ) -> dict[str, Any]:
        async with database.connection() as connection:
            return await show_figures(connection, date.fromisoformat(f"{month}-01"))

    @router.post("/held/release")
    async def release(director: Director) -> list[AlertView]:
        async with database.transaction() as connection:
            await release_held_alerts(connection, named(director), clock())
            return await show_alerts(connection, "suspected", None, clock(), None, director.sub)

    @router.post("/held/reject")
    async def reject(director: Director) -> list[AlertView]:
        async with database.transaction() as connection:
            await reject_held_alerts(connection, named(director), clock())
            return await show_alerts(connection, "suspected", None, clock(), None, director.sub)

    @router.get("/{alert_id}")
    async def one_alert(alert_id: str, person: Watcher) -> AlertView:
        async with database.transaction() as connection:
            found = await show_alert(connection, alert_id, clock(), viewer_of(person))
            await log_reading(connection, named(person), clock(), [alert_id])
            return found

    return router


def alarms_router(database: Database, rules: ReviewRules, clock: Clock) -> APIRouter:
    """What operations must mend; nothing about one student."""
    router = APIRouter(prefix="/api/alarms", tags=["operations"])

    @router.get("")
    async def alarms(_: Operator) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return await show_alarms(connection, clock(), rules.hole_alarm)

    return router
