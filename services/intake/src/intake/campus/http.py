"""Handshake's events over HTTP (interfaces §3)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from cpt.postgres import Database
from cpt.web.cloudevents import parse_cloud_events
from cpt.web.people import require
from cpt.web.person import Person
from intake.campus.take_campus_events import take_campus_events

Handshake = Annotated[Person, Depends(require("handshake"))]


def campus_router(database: Database) -> APIRouter:
    """202 once the events are durable."""
    router = APIRouter(tags=["campus"])

    @router.post("/campus/events", status_code=202)
    async def take(request: Request, _: Handshake) -> dict[str, int]:
        events = await parse_cloud_events(request)
        async with database.transaction() as connection:
            await take_campus_events(connection, events)
        return {"accepted": len(events)}

    return router
