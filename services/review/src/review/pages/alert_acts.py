"""What people do about one alert: acknowledge, write, hand on, record the outcome, open it again."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from review.alerts.acknowledge_alert import acknowledge_alert
from review.alerts.ask_contact import ask_contact
from review.alerts.close_alert import AlertOutcome, Resolution, confirm_outcome, reopen_alert
from review.alerts.delegate_alert import delegate_alert
from review.alerts.http import Reopener, Watcher, acting, recording
from review.alerts.treat_as_loss import call_it_a_loss
from review.pages.common import Colleague, Words, day_of, to


def alert_acts(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()
    act = acting(database, clock)

    @router.post("/alerts/{alert_id}/acknowledge")
    async def acknowledge(alert_id: str, person: Watcher, comment: Words = "") -> Response:
        await act(alert_id, person, lambda c, who, now: acknowledge_alert(c, alert_id, who, comment, now))
        return to(f"/alerts/{alert_id}?said=seen")

    @router.post("/alerts/{alert_id}/outcome")
    async def outcome(
        alert_id: str,
        person: Watcher,
        chosen: Annotated[AlertOutcome, Form(alias="outcome")],
        on: Annotated[forms.Line, Form()] = "",
        comment: Words = "",
    ) -> Response:
        await act(alert_id, person, recording(alert_id, person, Resolution(chosen, day_of(on), comment)))
        return to(f"/alerts/{alert_id}?said=recorded")

    @router.post("/alerts/{alert_id}/loss")
    async def loss(alert_id: str, person: Watcher, comment: Words = "") -> Response:
        await act(alert_id, person, lambda c, who, now: call_it_a_loss(c, alert_id, who, comment, now))
        return to(f"/alerts/{alert_id}?said=loss")

    @router.post("/alerts/{alert_id}/contact")
    async def contact(alert_id: str, person: Watcher) -> Response:
        await act(alert_id, person, lambda c, who, now: ask_contact(c, alert_id, who, now))
        return to(f"/alerts/{alert_id}?said=written")

    @router.post("/alerts/{alert_id}/delegate")
    async def delegate(alert_id: str, person: Watcher, recipient: Colleague) -> Response:
        await act(alert_id, person, lambda c, who, now: delegate_alert(c, alert_id, who, recipient, now))
        return to(f"/alerts/{alert_id}?said=delegated")

    @router.post("/alerts/{alert_id}/confirm")
    async def confirm(alert_id: str, person: Watcher) -> Response:
        await act(alert_id, person, lambda c, who, now: confirm_outcome(c, alert_id, who, now))
        return to(f"/alerts/{alert_id}")

    @router.post("/alerts/{alert_id}/reopen")
    async def reopen(alert_id: str, person: Reopener, comment: Words = "") -> Response:
        await act(alert_id, person, lambda c, who, now: reopen_alert(c, alert_id, who, comment, now))
        return to(f"/alerts/{alert_id}?said=reopened")

    return router
