"""The alert board and one alert: seen, judged by people, closed, opened again."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.charts import moments
from cpt.web.problems import not_found
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.ask_contact import ask_contact
from review.alerts.close_alert import AlertOutcome, Resolution, close_alert, confirm_outcome, reopen_alert
from review.alerts.http import require_dso, viewer_of
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import show_alert, show_alerts
from review.alerts.show_board import FILTERS, board_of, last_look, look, show_watcher
from review.http import named
from review.pages.common import Director, Reopener, Watcher, Words, day_of, pages_of, to


def alerts_pages(database: Database, clock: Clock) -> APIRouter:  # noqa: C901 a list of routes
    router = APIRouter()

    @router.get("/alerts")
    async def board(request: Request, person: Watcher, show: str = "open") -> Response:
        if show not in FILTERS:
            raise not_found()
        async with database.connection() as connection:
            alerts = await show_alerts(connection, None, None, clock(), viewer_of(person))
            watcher = await show_watcher(connection)
            since = await last_look(connection, person.sub)
        shown = board_of(alerts, show, since)
        return pages_of(request).render(request, "alerts.html", board=shown, show=show, watcher=watcher, since=since)

    @router.post("/alerts/looked")
    async def looked(person: Watcher) -> Response:
        async with database.transaction() as connection:
            await look(connection, person.sub, clock())
        return to("/alerts")

    @router.post("/alerts/held")
    async def held(director: Director, act: Annotated[str, Form(pattern="^(release|reject)$")]) -> Response:
        async with database.transaction() as connection:
            decide = release_held_alerts if act == "release" else reject_held_alerts
            await decide(connection, named(director), clock())
        return to("/alerts")

    @router.get("/alerts/{alert_id}")
    async def alert_page(request: Request, alert_id: str, person: Watcher) -> Response:
        async with database.connection() as connection:
            alert = await show_alert(connection, alert_id, clock(), viewer_of(person))
        effective = datetime.combine(alert["effective_on"], datetime.min.time(), UTC)
        times = moments(
            [
                ("effective", effective),
                ("received", alert["received_at"]),
                ("detected", alert["detected_at"]),
                ("confirmed", alert["confirmed_at"]),
                ("acknowledged", alert["acknowledged_at"]),
                ("closed", alert["closed_at"]),
            ]
        )
        return pages_of(request).render(request, "alert.html", alert=alert, times=times, me=person.sub)

    @router.post("/alerts/{alert_id}/acknowledge")
    async def acknowledge(alert_id: str, person: Watcher, comment: Words = "") -> Response:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))  # theirs to act on, or 404
            await acknowledge_alert(connection, alert_id, named(person), comment, clock())
        return to(f"/alerts/{alert_id}")

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
        return to(f"/alerts/{alert_id}")

    @router.post("/alerts/{alert_id}/contact")
    async def contact(alert_id: str, person: Watcher) -> Response:
        async with database.transaction() as connection:
            await show_alert(connection, alert_id, clock(), viewer_of(person))
            await ask_contact(connection, alert_id, named(person), clock())
        return to(f"/alerts/{alert_id}")

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
        return to(f"/alerts/{alert_id}")

    return router
