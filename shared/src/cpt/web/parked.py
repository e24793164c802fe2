"""Parked messages and quarantined events: operators list, replay and discard them, and it is logged who did."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from cpt.messaging import Consumer
from cpt.messaging.errors import explain
from cpt.messaging.parking import NotParked, discard, list_parked, replay
from cpt.messaging.quarantine import NotQuarantined, discard_quarantined, list_quarantine, release_quarantined
from cpt.postgres import Database
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import Problem

Operator = Annotated[Person, Depends(require("operations"))]


def parked_router(database: Database, consumer: Consumer) -> APIRouter:
    """The same three acts in every service."""
    router = APIRouter(prefix="/api", tags=["operations"])

    @router.get("/parked")
    async def parked(_: Operator) -> list[dict[str, Any]]:
        return await list_parked(database, consumer.name)

    @router.post("/parked/{parked_id}/replay")
    async def replay_one(parked_id: int, operator: Operator) -> dict[str, int]:
        return {"handled": await _replay(database, consumer, parked_id, operator.sub)}

    @router.post("/parked/{parked_id}/discard")
    async def discard_one(parked_id: int, operator: Operator) -> dict[str, int]:
        try:
            return {"handled": await discard(database, consumer, parked_id, operator.sub)}
        except NotParked as error:
            raise _not_found(error) from None

    @router.get("/quarantine")
    async def quarantined(_: Operator) -> list[dict[str, Any]]:
        return await list_quarantine(database)

    @router.post("/quarantine/{seq}/release")
    async def release(seq: int, operator: Operator) -> dict[str, int]:
        try:
            return {"released": await release_quarantined(database, seq, operator.sub)}
        except NotQuarantined as error:
            raise _not_found(error) from None

    @router.post("/quarantine/{seq}/discard")
    async def drop(seq: int, operator: Operator) -> dict[str, str]:
        try:
            return {"event_id": await discard_quarantined(database, seq, operator.sub)}
        except NotQuarantined as error:
            raise _not_found(error) from None

    return router


async def _replay(database: Database, consumer: Consumer, parked_id: int, actor: str) -> int:
    try:
        return await replay(database, consumer, parked_id, actor)
    except NotParked as error:
        raise _not_found(error) from None
    except Exception as error:  # noqa: BLE001 whatever the handler says is the operator's answer, and stays parked
        raise Problem(409, "replay_failed", "The message failed again and stays parked", explain(error)) from None


def _not_found(error: Exception) -> Problem:
    return Problem(404, "not_parked", "There is no such message", str(error))
