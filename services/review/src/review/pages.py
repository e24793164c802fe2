"""Review's pages: the next case, the case, the line, the alert board; plain forms on the same use cases."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from cpt.contracts.review import ReturnReason
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.close_alert import AlertOutcome, Resolution, close_alert
from review.alerts.show_alerts import show_alert, show_alerts
from review.cases.ask_for_issuance import ask_before_issuing
from review.cases.decide_case import Approval, approve_case, deny_case, return_case
from review.cases.hand_over_case import give_back_case
from review.cases.record_i20 import IssuedDocument, record_i20
from review.cases.show_case import Wanted, list_cases, show_case
from review.domain import require_open
from review.http import named
from review.line.assign_next_case import assign_next_case
from review.line.show_line import show_line
from review.settings import ReviewRules

Staff = Annotated[Person, Depends(require("adviser", "director"))]
Watcher = Annotated[Person, Depends(require("compliance", "director", "adviser"))]
LineReader = Annotated[Person, Depends(require("adviser", "director", "compliance", "operations"))]
Text = Annotated[str, Form(min_length=1)]


def pages_router(database: Database, rules: ReviewRules, clock: Clock) -> APIRouter:  # noqa: C901, PLR0915 a list of routes
    """Every POST changes one thing and redirects to the page that shows it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def desk(request: Request, person: Watcher) -> Response:
        if not person.has("adviser", "director"):
            return RedirectResponse("/alerts", 303)
        async with database.connection() as connection:
            mine = [
                c
                for c in await list_cases(connection, Wanted(holder=person.sub))
                if c["state"] in ("assigned", "approved")
            ]
            line = await show_line(connection, clock())
        return _pages(request).render(request, "desk.html", mine=mine, line=line)

    @router.post("/next")
    async def take_next(adviser: Staff, key: Annotated[str, Form()]) -> Response:
        async with database.transaction() as connection:
            request_id = await assign_next_case(connection, named(adviser), key, clock())
        return RedirectResponse(f"/cases/{request_id}" if request_id else "/", 303)

    @router.get("/cases/{request_id}")
    async def case_page(request: Request, request_id: str, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            case = await show_case(connection, request_id, named(adviser), clock())
        return _pages(request).render(request, "case.html", case=case, mine=case["held_by"] == adviser.sub)

    @router.post("/cases/{request_id}/approve")
    async def approve(
        request_id: str,
        adviser: Staff,
        flag: Annotated[list[str] | None, Form()] = None,
        authorized_start: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
    ) -> Response:
        start = date.fromisoformat(authorized_start) if authorized_start else None
        async with database.transaction() as connection:
            await approve_case(
                connection, request_id, named(adviser), Approval(flag or [], start, reason or None), clock()
            )
        return _back_to(request_id)

    @router.post("/cases/{request_id}/return")
    async def give_to_student(
        request_id: str, adviser: Staff, reason: Text, office_error: Annotated[bool, Form()] = False
    ) -> Response:
        reasons = [ReturnReason(text=reason)]
        async with database.transaction() as connection:
            await return_case(connection, request_id, named(adviser), reasons, clock(), office_error=office_error)
        return _back_to(request_id)

    @router.post("/cases/{request_id}/deny")
    async def deny(request_id: str, adviser: Staff, reason: Text) -> Response:
        async with database.transaction() as connection:
            await deny_case(connection, request_id, named(adviser), reason, clock())
        return _back_to(request_id)

    @router.post("/cases/{request_id}/give-back")
    async def give_back(request_id: str, adviser: Staff, reason: Text) -> Response:
        async with database.transaction() as connection:
            await give_back_case(connection, request_id, named(adviser), reason, clock())
        return RedirectResponse("/", 303)

    @router.post("/cases/{request_id}/ask")
    async def ask_spire(request_id: str, adviser: Staff) -> Response:
        async with database.transaction() as connection:
            await ask_before_issuing(connection, request_id, named(adviser), clock())
        return _back_to(request_id)

    @router.post("/cases/{request_id}/i20")
    async def i20(
        request_id: str,
        adviser: Staff,
        sha256: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")],
        name: Text,
        issued_on: Annotated[date, Form()],
        signed_by: Text,
        sevis_confirmed: Annotated[bool, Form()],  # noqa: ARG001 the box must be ticked to send the form
    ) -> Response:
        document = IssuedDocument(sha256, name, issued_on, signed_by)
        async with database.transaction() as connection:
            opinion = await record_i20(connection, request_id, named(adviser), document, clock(), rules.issuance_valid)
        require_open(opinion)
        return _back_to(request_id)

    @router.get("/line")
    async def line_page(request: Request, _: LineReader) -> Response:
        async with database.connection() as connection:
            line = await show_line(connection, clock())
        return _pages(request).render(request, "line.html", line=line)

    @router.get("/alerts")
    async def board(request: Request, _: Watcher) -> Response:
        async with database.connection() as connection:
            alerts = await show_alerts(connection, None, None, clock())
        return _pages(request).render(request, "alerts.html", alerts=alerts)

    @router.get("/alerts/{alert_id}")
    async def alert_page(request: Request, alert_id: str, _: Watcher) -> Response:
        async with database.connection() as connection:
            alert = await show_alert(connection, alert_id, clock())
        return _pages(request).render(request, "alert.html", alert=alert)

    @router.post("/alerts/{alert_id}/acknowledge")
    async def acknowledge(alert_id: str, person: Watcher, comment: Annotated[str, Form()] = "") -> Response:
        async with database.transaction() as connection:
            await acknowledge_alert(connection, alert_id, named(person), comment, clock())
        return RedirectResponse(f"/alerts/{alert_id}", 303)

    @router.post("/alerts/{alert_id}/outcome")
    async def outcome(
        alert_id: str,
        person: Watcher,
        chosen: Annotated[AlertOutcome, Form(alias="outcome")],
        on: Annotated[str, Form()] = "",
        comment: Annotated[str, Form()] = "",
    ) -> Response:
        day = date.fromisoformat(on) if on else None
        async with database.transaction() as connection:
            await close_alert(connection, alert_id, named(person), Resolution(chosen, day, comment), clock())
        return RedirectResponse(f"/alerts/{alert_id}", 303)

    return router


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _back_to(request_id: str) -> Response:
    return RedirectResponse(f"/cases/{request_id}", 303)
