"""The one judgment of a message: of a record, of a parked one that is run again, of one that somebody asks about."""

import json
from collections.abc import Mapping
from typing import Any

from cpt.contracts.envelope import Envelope, UnknownFact, Unreadable, decode
from cpt.contracts.event import Event
from cpt.messaging.consumer import Consumer
from cpt.messaging.errors import Refused


def read(consumer: Consumer, topic: str, headers: Mapping[str, str], body: bytes) -> Envelope[Event] | None:
    """None where nothing here reacts to it. Raises `Refused` that names every fault at once."""
    wire_type = headers.get("ce_type", "")
    misplaced = consumer.misplaced(wire_type, topic)
    try:
        envelope = decode(headers, body)
    except UnknownFact:
        return None
    except Unreadable as error:
        also = consumer.faults_of(wire_type, _as_far_as_readable(body))
        raise Refused([*misplaced, *error.faults, *also]) from None
    if misplaced:
        raise Refused(misplaced)
    if not consumer.handles(envelope.type):
        return None
    if faults := consumer.faults_of(envelope.type, envelope.event.model_dump()):
        raise Refused(faults)
    return envelope


def _as_far_as_readable(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
