"""A CloudEvent in structured JSON → the Kafka record of its binary mode (docs/connect.md)."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.campus.clock import stamp

CloudEvent = dict[str, Any]

ENROLLMENT_TOPIC = "campus.enrollment"
AGREEMENT_TOPIC = "campus.agreement"
TOPICS_BY_TYPE = {"edu.umass.spire.": ENROLLMENT_TOPIC, "com.joinhandshake.": AGREEMENT_TOPIC}
TOPICS_BY_SOURCE = {"/spire": ENROLLMENT_TOPIC, "/handshake": AGREEMENT_TOPIC}
NO_ATTRIBUTES = {"data", "data_base64", "datacontenttype"}


class NoTopicError(ValueError):
    """Neither the type nor the source of the event says whose it is."""


@dataclass(frozen=True, slots=True)
class Record:
    topic: str
    key: bytes | None
    value: bytes
    headers: list[tuple[str, bytes]]


def cloud_event(kind: str, source: str, subject: str, data: dict[str, Any], now: datetime) -> CloudEvent:
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": source,
        "type": kind,
        "time": stamp(now),
        "subject": subject,
        "data": data,
    }


def record_of(event: CloudEvent) -> Record:
    """Judge nothing beyond topic and key: tests send malformed events on purpose. Raises NoTopicError."""
    return Record(topic_of(event), _key(event), _value(event), _headers(event))


def topic_of(event: CloudEvent) -> str:
    for attribute, topics in (("type", TOPICS_BY_TYPE), ("source", TOPICS_BY_SOURCE)):
        for prefix, topic in topics.items():
            if str(event.get(attribute, "")).startswith(prefix):
                return topic
    raise NoTopicError(f"neither type {event.get('type')!r} nor source {event.get('source')!r} names a campus system")


def _key(event: CloudEvent) -> bytes | None:
    data = event.get("data")
    emplid = data.get("emplid") if isinstance(data, dict) else None
    return str(emplid).encode() if emplid else None


def _value(event: CloudEvent) -> bytes:
    """`data_base64` carries bytes that are no JSON, as the CloudEvents JSON format has it."""
    if "data_base64" in event:
        return base64.b64decode(event["data_base64"])
    return json.dumps(event["data"], ensure_ascii=False).encode() if "data" in event else b""


def _headers(event: CloudEvent) -> list[tuple[str, bytes]]:
    attributes = [
        (f"ce_{name}", _text(value).encode())
        for name, value in event.items()
        if name not in NO_ATTRIBUTES and value is not None
    ]
    return [*attributes, ("content-type", str(event.get("datacontenttype", "application/json")).encode())]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
