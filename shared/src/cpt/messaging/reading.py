"""Reads and validates a message: of a record, of a parked one that is replayed, of one that a caller only asks about."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cpt.contracts.attributes import Fault
from cpt.contracts.envelope import Envelope, InvalidEnvelope, UnknownFact, decode
from cpt.contracts.event import Event
from cpt.messaging.consumer import Consumer, Validators
from cpt.messaging.errors import InvalidMessage


def read(
    consumer: Consumer, topic: str, headers: Mapping[str, str], body: bytes, validators: Validators
) -> Envelope[Event] | None:
    """The event, or None where this consumer has no handler for it. `validators`: the consumer's, as of now.

    Raises `InvalidMessage` with every fault of the envelope, the topic and the data.
    """
    wire_type = headers.get("ce_type", "")
    misplaced = consumer.misplaced(wire_type, topic)
    try:
        envelope = decode(headers, body)
    except UnknownFact:
        return None
    except InvalidEnvelope as error:
        also = _faults(validators, wire_type, lambda: as_far_as_readable(body))
        raise InvalidMessage([*misplaced, *error.faults, *also]) from None
    if misplaced:
        raise InvalidMessage(misplaced)
    if not consumer.handles(envelope.type):
        return None
    if faults := _faults(validators, envelope.type, envelope.event.model_dump):
        raise InvalidMessage(faults)
    return envelope


def _faults(validators: Validators, wire_type: str, data: Callable[[], Mapping[str, Any]]) -> list[Fault]:
    return list(validators[wire_type](data())) if wire_type in validators else []


def as_far_as_readable(body: bytes) -> Mapping[str, Any]:
    """Empty for what is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
