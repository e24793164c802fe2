"""The alert board and the page of one alert."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.calendar import AcademicCalendar
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.charts import moments
from cpt.web.people import named
from cpt.web.problems import not_found
from review.alerts.http import Watcher, viewer_of
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import log_reading, show_alert, show_alerts
from review.alerts.show_board import FILTERS, board_of, count_open, last_look, look, show_blind_students, show_watcher
from review.cases.show_desk import show_holders
from review.pages.common import Director, pages_of, to
from review.store import calendar_in_force


def alerts_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/alerts")
    async def board(request: Request, person: Watcher, show: str = "open") -> Response:
        if show not in FILTERS:
            raise not_found()
        async with database.transaction() as connection:
            alerts = await show_alerts(connection, None, None, clock(), viewer_of(person), person.sub)
            blind = await show_blind_students(connection)
            watcher = await show_watcher(connection)
            since = await last_look(connection, person.sub)
            everybodys = await count_open(connection, person.sub)
            calendar = await calendar_in_force(connection)
            if "x-cpt-live" not in request.headers:  # the page that a person opened follows itself
                await log_reading(connection, named(person), clock(), [alert["alert_id"] for alert in alerts])
        found = board_of(alerts, show, since)
        shown: dict[str, Any] = {"board": found, "show": show, "terms": _names(calendar)}
        shown |= {"mine_only": viewer_of(person) is not None, "others": everybodys - found["counts"]["open"]}
        return pages_of(request).render(request, "alerts.html", watcher=watcher, since=since, blind=blind, **shown)

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
    async def alert_page(request: Request, alert_id: str, person: Watcher, said: str = "") -> Response:
        async with database.transaction() as connection:
            alert = await show_alert(connection, alert_id, clock(), viewer_of(person))
            calendar = await calendar_in_force(connection)
            holders = await show_holders(connection)
            if "x-cpt-live" not in request.headers:
                await log_reading(connection, named(person), clock(), [alert_id])
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
        shown: dict[str, Any] = {"alert": alert, "times": times, "holders": holders, "terms": _names(calendar)}
        return pages_of(request).render(request, "alert.html", said=said, **shown)

    return router


def _names(calendar: AcademicCalendar) -> dict[str, str]:
    return {term.strm: term.name for term in calendar.terms}
