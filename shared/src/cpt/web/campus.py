"""What a campus system calls: send events, ask whether they would be taken, ask what became of one (P36)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from cpt.messaging import Consumer, append_campus_event
from cpt.messaging.receipts import RecordPlace, find_receipt
from cpt.postgres import Database
from cpt.web.campus_answers import CampusReceipt, Verdicts, verdicts
from cpt.web.campus_body import campus_body
from cpt.web.cloudevents import BODY_BYTES, judged, parse_cloud_events
from cpt.web.people import require
from cpt.web.problems import FieldError, plain_problem

CAMPUS_BODIES = {r"/campus/events(/validate)?": BODY_BYTES}
"""The limit of their bodies, by the expression for their paths."""


class Accepted(BaseModel):
    """How many events are durable now."""

    accepted: Annotated[int, Field(examples=[1])]


def campus_router(database: Database, consumer: Consumer, topic: str, sender: str) -> APIRouter:
    """`sender` is the role of the machine that owns the topic; operations may ask, too, what became of an event."""
    router = APIRouter(prefix="/campus/events", tags=["campus"])
    sends, asks = Depends(require(sender)), Depends(require(sender, "operations"))
    body = campus_body(topic)

    @router.post("", status_code=202, dependencies=[sends], openapi_extra=body)
    async def send_events(request: Request) -> Accepted:
        """They go the way of events that come over Kafka. A faulty envelope is refused and nothing is taken; what
        the data says is judged later: ask the receipt, or validate first.
        """
        events = await parse_cloud_events(request, topic)
        async with database.transaction() as connection:
            for event in events:
                await append_campus_event(
                    connection,
                    topic=topic,
                    key=event.key,
                    event_id=event.id,
                    headers=event.headers,
                    payload=event.data,
                )
        return Accepted(accepted=len(events))

    @router.post("/validate", dependencies=[sends], openapi_extra=body)
    async def validate_events(request: Request) -> Verdicts:
        """Whether each event would be accepted, with every fault at once; validated as events from Kafka are."""
        async with database.connection() as connection:
            validators = await consumer.validators(connection)
        return await judged(request, lambda drafts: verdicts(consumer, validators, topic, drafts.values()))

    @router.get("", dependencies=[asks])
    async def receipt(
        source: Annotated[str, Query(min_length=1, description="The event's `source`.")],
        event_id: Annotated[str, Query(alias="id", min_length=1, description="The event's `id`.")],
        partition: Annotated[int | None, Query(ge=0, lt=2**31, description="Where Kafka acknowledged it.")] = None,
        offset: Annotated[int | None, Query(ge=0, lt=2**63, description="Its offset there.")] = None,
    ) -> CampusReceipt:
        """What became of one event, however it came."""
        place = _place(partition, offset)
        found = await find_receipt(database, consumer.name, topic, source, event_id, place)
        return CampusReceipt.of(source, event_id, found)

    return router


def _place(partition: int | None, offset: int | None) -> RecordPlace | None:
    if partition is None and offset is None:
        return None
    if partition is None or offset is None:
        absent = "partition" if partition is None else "offset"
        raise plain_problem(422, errors=[FieldError(absent, "missing", "Give partition and offset, or neither.")])
    return RecordPlace(partition, offset)
