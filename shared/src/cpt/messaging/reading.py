"""The one judgment of a message: of a record, of a parked one that is run again, of one that somebody asks about."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cpt.contracts.attributes import Fault
from cpt.contracts.envelope import Envelope, UnknownFact, Unreadable, decode
from cpt.contracts.event import Event
from cpt.messaging.consumer import Consumer, Judges
from cpt.messaging.errors import Refused


def read(
    consumer: Consumer, topic: str, headers: Mapping[str, str], body: bytes, judges: Judges
) -> Envelope[Event] | None:
    """None where nothing here reacts to it. `judges`: the consumer's, as of now. Raises `Refused` that names every fault at
    once.
    """
    wire_type = headers.get("ce_type", "")
    misplaced = consumer.misplaced(wire_type, topic)
    try:
        envelope = decode(headers, body)
    except UnknownFact:
        return None
    except Unreadable as error:
        also = _judged(judges, wire_type, lambda: as_far_as_readable(body))
        raise Refused([*misplaced, *error.faults, *also]) from None
    if misplaced:
        raise Refused(misplaced)
    if not consumer.handles(envelope.type):
        return None
    if faults := _judged(judges, envelope.type, envelope.event.model_dump):
        raise Refused(faults)
    return envelope


def _judged(judges: Judges, wire_type: str, data: Callable[[], Mapping[str, Any]]) -> list[Fault]:
    return list(judges[wire_type](data())) if wire_type in judges else []


def as_far_as_readable(body: bytes) -> Mapping[str, Any]:
    """Empty for what is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
