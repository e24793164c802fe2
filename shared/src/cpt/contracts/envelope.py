"""CloudEvents 1.0 in Kafka's binary mode: attributes as `ce_` headers, the body is the data alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from cpt.contracts.event import Event
from cpt.contracts.registry import EVENTS, known_fact

E_co = TypeVar("E_co", bound=Event, covariant=True)

REQUIRED = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time")
_TIME = TypeAdapter(AwareDatetime)


class Unreadable(Exception):
    """The record is no event we can read; the message names every fault and no value."""


class UnknownFact(Exception):
    """A well-formed event about something nobody here has heard of: ignored and counted."""


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
    """Raises `Unreadable` with every fault at once, `UnknownFact` for types outside our contracts."""
    absent = [name for name in REQUIRED if not headers.get(name)]
    if absent:
        raise Unreadable(f"missing header {', '.join(absent)}")
    model = EVENTS.get(headers["ce_type"])
    if model is None:
        if known_fact(headers["ce_type"]) or not headers["ce_type"].startswith("edu.umass.cpt."):
            raise Unreadable(f"unknown type {headers['ce_type'][:100]}")
        raise UnknownFact(headers["ce_type"])
    try:
        return Envelope(
            id=headers["ce_id"],
            source=headers["ce_source"],
            type=headers["ce_type"],
            time=_TIME.validate_python(headers["ce_time"]),
            event=model.model_validate_json(body, extra="ignore"),
            traceparent=headers.get("traceparent"),
        )
    except ValidationError as error:
        raise Unreadable(describe(error)) from None


def describe(error: ValidationError) -> str:
    """Every faulty field and its fault, without the values: they may be personal data."""
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors(include_input=False))
