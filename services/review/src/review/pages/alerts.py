"""The alert board and the page of one alert."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.calendar import AcademicCalendar
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.charts import moments
from cpt.web.people import named
from review.alerts.ask_contact import asked_today
from review.alerts.domain import Severity
from review.alerts.http import Watcher, viewer_of
from review.alerts.outcomes import ACTS_OF_A_DSO
from review.alerts.release_held_alerts import reject_held_alerts, release_held_alerts
from review.alerts.show_alerts import log_reading, show_alert
from review.alerts.show_board import (
    Chosen,
    Onlooker,
    Show,
    Sort,
    count_alerts,
    last_look,
    look,
    page_of_alerts,
    show_blind_students,
    show_watcher,
)
from review.cases.show_desk import show_holders
from review.pages.common import Director, pages_of, to
from review.pages.listing import ROWS, Adviser, Listing, PageNumber, Term
from review.store import calendar_in_force


def alerts_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/alerts")
    async def board(
        request: Request,
        person: Watcher,
        show: Show = "open",
        severity: Severity | Literal[""] = "",
        adviser: Adviser = "",
        term: Term = "",
        sort: Sort = "urgent",
        page: PageNumber = 1,
        said: Literal["acknowledged", "assigned", "undone", ""] = "",
        at: datetime | None = None,
    ) -> Response:
        chosen = Chosen(show, severity or None, adviser or None, term or None, sort)
        asked = {"show": show if show != "open" else None, "severity": severity, "adviser": adviser, "term": term}
        listing = Listing("/alerts", {**asked, "sort": sort if sort != "urgent" else None}, page)
        by = Onlooker(person.sub, viewer_of(person))
        async with database.transaction() as connection:
            since = await last_look(connection, person.sub)
            alerts = await page_of_alerts(connection, chosen, by, clock(), since, (ROWS + 1, listing.offset))
            counts = await count_alerts(connection, by, clock(), since)
            watcher, blind = await show_watcher(connection), await show_blind_students(connection)
            calendar, holders = await calendar_in_force(connection), await show_holders(connection)
            if "x-cpt-live" not in request.headers:  # the page that a person opened follows itself
                await log_reading(connection, named(person), clock(), [alert["alert_id"] for alert in alerts[:ROWS]])
        shown: dict[str, Any] = {"alerts": alerts[:ROWS], "more": len(alerts) > ROWS, "counts": counts, "list": listing}
        shown |= {"show": show, "sort": sort, "terms": _names(calendar), "holders": holders, "said": said, "at": at}
        shown |= {"mine_only": by.viewer is not None, "watcher": watcher, "since": since, "blind": blind}
        return pages_of(request).render(request, "alerts.html", **shown)

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
        shown |= {"dso_outcomes": ACTS_OF_A_DSO, "asked_at": asked_today(alert["notes"], clock())}
        return pages_of(request).render(request, "alert.html", said=said, **shown)

    return router


def _names(calendar: AcademicCalendar) -> dict[str, str]:
    return {term.strm: term.name for term in calendar.terms}
