"""Parked messages and quarantined events: operators list, read, replay and discard them, and it is logged who did."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from cpt.messaging import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.own_message import OwnMessage
from cpt.messaging.parking import NotParked, list_parked, show_parked
from cpt.messaging.quarantine import NotQuarantined, discard_quarantined, list_quarantine, release_quarantined
from cpt.messaging.replay import discard, replay
from cpt.postgres import Database
from cpt.web.addresses import RowNumber
from cpt.web.forms import Text
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import Problem

Operator = Annotated[Person, Depends(require("operations"))]


class Why(BaseModel):
    """Why the operator decides so; it goes into the audit record."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: Annotated[Text, Field(max_length=500)] = ""


def parked_router(database: Database, consumer: Consumer) -> APIRouter:
    """The same acts in every service."""
    router = APIRouter(prefix="/api", tags=["operations"])

    @router.get("/parked")
    async def parked(_: Operator) -> list[dict[str, Any]]:
        return await list_parked(database, consumer.name)

    @router.get("/parked/{parked_id}")
    async def show_one(parked_id: RowNumber, operator: Operator) -> dict[str, Any]:
        try:
            return await show_parked(database, consumer, parked_id, operator.sub)
        except NotParked as error:
            raise _not_found(error) from None

    @router.post("/parked/{parked_id}/replay")
    async def replay_one(parked_id: RowNumber, operator: Operator, why: Why | None = None) -> dict[str, int]:
        return {"handled": await _replay(database, consumer, parked_id, operator.sub, _reason(why))}

    @router.post("/parked/{parked_id}/discard")
    async def discard_one(parked_id: RowNumber, operator: Operator, why: Why | None = None) -> dict[str, int]:
        try:
            return {"handled": await discard(database, consumer, parked_id, operator.sub, _reason(why))}
        except NotParked as error:
            raise _not_found(error) from None

    router.include_router(_quarantine_router(database, consumer))
    return router


def _quarantine_router(database: Database, consumer: Consumer) -> APIRouter:
    router = APIRouter()

    @router.get("/quarantine")
    async def quarantined(_: Operator) -> list[dict[str, Any]]:
        return await list_quarantine(database)

    @router.post("/quarantine/{seq}/release")
    async def release(seq: RowNumber, operator: Operator, why: Why | None = None) -> dict[str, int]:
        try:
            return {"released": await release_quarantined(database, consumer, seq, operator.sub, _reason(why))}
        except NotQuarantined as error:
            raise _not_found(error) from None

    @router.post("/quarantine/{seq}/discard")
    async def drop(seq: RowNumber, operator: Operator, why: Why | None = None) -> dict[str, str]:
        try:
            return {"event_id": await discard_quarantined(database, consumer, seq, operator.sub, _reason(why))}
        except NotQuarantined as error:
            raise _not_found(error) from None

    return router


async def _replay(database: Database, consumer: Consumer, parked_id: int, actor: str, reason: str) -> int:
    try:
        return await replay(database, consumer, parked_id, actor, reason)
    except NotParked as error:
        raise _not_found(error) from None
    except OwnMessage:
        raise
    except Exception as error:  # noqa: BLE001 whatever the handler says is the operator's answer, and stays parked
        raise Problem(409, "replay_failed", "The message failed again and stays parked", explain(error)) from None


def _reason(why: Why | None) -> str:
    return why.reason if why else ""


def _not_found(error: Exception) -> Problem:
    return Problem(404, "not_parked", "There is no such message", str(error))
