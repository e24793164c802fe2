"""The figures of the last months, as charts with their tables, and as CSV."""

from collections.abc import Mapping
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.charts import bars
from cpt.web.formats import span_of_time, words
from cpt.web.people import named
from review.alerts.http import Watcher, viewer_of
from review.alerts.show_alerts import AlertView, log_reading, show_alerts, show_figures
from review.pages.common import pages_of
from review.pages.sheets import line_of
from review.store import calendar_in_force

MONTHS = 6
_COLUMNS = (
    "alert_id", "kind", "state", "severity", "overdue", "strm", "course", "cause", "sentence", "effective_on", "received_at",
    "detected_at", "confirmed_at", "acknowledged_at", "acknowledged_by", "report_by", "days_left", "outcome",
    "outcome_on", "closed_at", "closed_by", "closed_reason",
)  # fmt: skip
_CODES = ("kind", "state", "severity", "cause", "outcome", "closed_reason")


def figures_pages(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/figures")
    async def figures(request: Request, _: Watcher) -> Response:
        async with database.connection() as connection:
            months = [await show_figures(connection, month) for month in _months(eastern_date(clock()))]
        names = [f"{date.fromisoformat(one['month'] + '-01'):%b}" for one in months]
        charts = {
            "alerts": bars([(n, m["alerts"], str(m["alerts"] or "")) for n, m in zip(names, months, strict=True)]),
            "delay": bars(
                [
                    (n, m["received_to_detected"], span_of_time(m["received_to_detected"]))
                    for n, m in zip(names, months, strict=True)
                ]
            ),
        }
        return pages_of(request).render(request, "figures.html", months=months[::-1], charts=charts)

    @router.get("/alerts.csv")
    async def export(person: Watcher) -> Response:
        async with database.transaction() as connection:
            alerts = await show_alerts(connection, None, None, clock(), viewer_of(person), person.sub)
            await log_reading(connection, named(person), clock(), [alert["alert_id"] for alert in alerts])
            calendar = await calendar_in_force(connection)
        name = {"Content-Disposition": f'attachment; filename="cpt-alerts-{eastern_date(clock())}.csv"'}
        terms = {term.strm: term.name for term in calendar.terms}
        return Response(_csv(alerts, terms), media_type="text/csv; charset=utf-8", headers=name)

    return router


def _months(today: date) -> list[date]:
    """The first days of the last months, the current one last."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def _csv(alerts: list[AlertView], terms: Mapping[str, str]) -> str:
    lines = [line_of([*_COLUMNS, "emplid", "student", "request_ids"])]
    for alert in alerts:
        said = {name: words(alert[name]) if alert[name] else None for name in _CODES}
        shown = alert | said | {"strm": terms.get(alert["strm"], alert["strm"])}
        hits = " ".join(hit["request_id"] for hit in alert["authorizations"])
        who = (alert["student"]["emplid"], alert["student"]["name"], hits)
        lines.append(line_of([*(shown[column] for column in _COLUMNS), *who]))
    return "".join(lines)
