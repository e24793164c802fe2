"""Handshake's events over HTTP go the way of those over Kafka, with their own id, source, time and key (P36)."""

from collections.abc import Sequence

from cpt.contracts.campus import AgreementChanged
from cpt.messaging import append_campus_event
from cpt.postgres import Connection
from cpt.web.cloudevents import HttpEvent


async def take_campus_events(connection: Connection, events: Sequence[HttpEvent]) -> None:
    """Durable with the transaction; what the data says is judged by the consumer."""
    for event in events:
        await append_campus_event(
            connection,
            topic=AgreementChanged.TOPIC,
            key=event.key,
            event_id=event.id,
            headers=event.headers,
            payload=event.data,
        )
