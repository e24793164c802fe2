"""CloudEvents 1.0 in Kafka's binary mode: attributes as `ce_` headers, the body is the data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import ValidationError

from cpt.contracts import attributes
from cpt.contracts.attributes import Fault, as_time, attribute_faults
from cpt.contracts.event import CampusEvent, Event
from cpt.contracts.json_text import NameTwice, parse_json
from cpt.contracts.registry import EVENTS, impersonated, known_fact

E_co = TypeVar("E_co", bound=Event, covariant=True)

REQUIRED = tuple(f"ce_{name}" for name in attributes.REQUIRED)


class InvalidEnvelope(Exception):
    """The record is no event we can read; the message names every fault and no value."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class UnknownFact(Exception):
    """A well-formed event of a fact unknown to this release: ignored and counted."""


@dataclass(frozen=True, slots=True)
class Envelope(Generic[E_co]):
    """An event with the attributes it came with; `time` is when it happened, `traceparent` whose work it goes on with."""

    id: str
    source: str
    type: str
    time: datetime
    event: E_co
    traceparent: str | None = None


def headers_of(
    event: Event, *, event_id: str, time: datetime, sequence: int, extra: Mapping[str, str]
) -> dict[str, str]:
    """All Kafka headers of an event; `sequence` is the version of the aggregate."""
    return {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": event.SOURCE,
        "ce_type": event.TYPE,
        "ce_subject": event.key,
        "ce_time": time.isoformat().replace("+00:00", "Z"),
        "ce_dataschema": f"urn:{event.TYPE}",
        "ce_partitionkey": event.key,
        "ce_sequence": str(sequence),
        "content-type": "application/json",
        **extra,
    }


def decode(headers: Mapping[str, str], body: bytes) -> Envelope[Event]:
    """Raises `InvalidEnvelope` with every fault at once, `UnknownFact` for types outside our contracts."""
    faults = list(attribute_faults({name: headers.get(f"ce_{name}") for name in attributes.REQUIRED}))
    wire_type = headers.get("ce_type", "")
    model = EVENTS.get(wire_type)
    if model is None:
        if not faults and not _must_be_known(wire_type):
            raise UnknownFact(wire_type)
        if not any(fault.field == "type" for fault in faults):
            faults.append(Fault("type", "unknown", f"unknown type {wire_type[:100]}"))
        raise InvalidEnvelope(faults)
    if issubclass(model, CampusEvent) and _names_twice(body):
        faults.append(Fault("data", "name_twice", str(NameTwice())))
    if forged := impersonated(wire_type, headers.get("ce_source", "")):
        faults.append(forged)
    try:
        event = model.model_validate_json(body, extra="ignore")
    except ValidationError as error:
        raise InvalidEnvelope([*faults, *_faults_of(error)]) from None
    if faults:
        raise InvalidEnvelope(faults)
    return Envelope(
        id=headers["ce_id"],
        source=headers["ce_source"],
        type=wire_type,
        time=as_time(headers["ce_time"]),
        event=event,
        traceparent=headers.get("traceparent"),
    )


def _names_twice(body: bytes) -> bool:
    try:
        parse_json(body)
    except NameTwice:
        return True
    except (ValueError, RecursionError):
        return False  # the model says what is wrong with it
    return False


def _must_be_known(wire_type: str) -> bool:
    """Another version of a fact we know, or a campus system's: ignoring it could lose a withdrawal."""
    return known_fact(wire_type) or not wire_type.startswith("edu.umass.cpt.")


def _faults_of(error: ValidationError) -> list[Fault]:
    """Every faulty field and its fault, without the values: they may be personal data."""
    return [
        Fault(".".join(map(str, ("data", *found["loc"]))), found["type"], found["msg"])
        for found in error.errors(include_input=False)
    ]
