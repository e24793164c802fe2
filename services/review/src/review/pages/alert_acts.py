"""What people do about one alert: acknowledge, write, hand on, record the outcome, open it again."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.ask_contact import ask_contact
from review.alerts.close_alert import AlertOutcome, Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.delegate_alert import delegate_alert
from review.alerts.http import require_dso, viewer_of
from review.alerts.show_alerts import show_alert
from review.http import named
from review.pages.common import Reopener, Watcher, Words, day_of, to

StandIn = Annotated[str, Form(alias="to", max_length=200, pattern=r"\S")]


def alert_acts(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/alerts/{alert_id}/acknowledge")
    async def acknowledge(alert_id: str, person: Watcher, comment: Words = "") -> Response:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))  # theirs to act on, or 404
            await acknowledge_alert(connection, alert_id, named(person), comment, clock())
        return to(f"/alerts/{alert_id}?said=seen")

    @router.post("/alerts/{alert_id}/outcome")
    async def outcome(
        alert_id: str,
        person: Watcher,
        chosen: Annotated[AlertOutcome, Form(alias="outcome")],
        on: Annotated[str, Form()] = "",
        comment: Words = "",
    ) -> Response:
        require_dso(person, chosen)
        resolution = Resolution(chosen, day_of(on), comment)
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))  # theirs to act on, or 404
            await close_alert(connection, alert_id, named(person), resolution, clock())
        return to(f"/alerts/{alert_id}?said=recorded")

    @router.post("/alerts/{alert_id}/contact")
    async def contact(alert_id: str, person: Watcher) -> Response:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))
            await ask_contact(connection, alert_id, named(person), clock())
        return to(f"/alerts/{alert_id}?said=written")

    @router.post("/alerts/{alert_id}/delegate")
    async def delegate(alert_id: str, person: Watcher, recipient: StandIn) -> Response:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))
            await delegate_alert(connection, alert_id, named(person), recipient.strip(), clock())
        return to(f"/alerts/{alert_id}?said=delegated")

    @router.post("/alerts/{alert_id}/confirm")
    async def confirm(alert_id: str, person: Watcher) -> Response:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))  # theirs to act on, or 404
            await confirm_outcome(connection, alert_id, named(person), clock())
        return to(f"/alerts/{alert_id}")

    @router.post("/alerts/{alert_id}/reopen")
    async def reopen(alert_id: str, person: Reopener, comment: Words = "") -> Response:
        async with database.transaction() as connection:
            await reopen_alert(connection, alert_id, named(person), comment, clock())
        return to(f"/alerts/{alert_id}?said=reopened")

    return router
