"""The AsyncAPI 3 document of all topics: what travels, who sends it, who hears it, with the golden samples."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from pydantic import SecretStr

from cpt.contracts.event import Event
from cpt.contracts.examples import Example, campus_examples
from cpt.contracts.registry import EVENTS
from cpt.contracts.samples import EXTENTS, record_of
from cpt.contracts.schemas import schema_of
from cpt.messaging import Consumer
from cpt.postgres import PostgresSettings
from infra.settings_tables import settings_of

HEARERS = ("intake", "enrollment_sync", "review", "notifier")
_ATTRIBUTES = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time")

_SERVERS = {
    "campus": {
        "host": "kafka.example:9093",
        "pathname": "",
        "protocol": "kafka-secure",
        "description": "The campus's brokers: TLS, and a login by SCRAM-SHA-512; infra/kafka/acls.yaml says who may what.",
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
    }
}


def event_document() -> dict[str, Any]:
    """Binary mode of CloudEvents on Kafka: attributes are headers, the message is the data alone."""
    topics: dict[str, list[type[Event]]] = {}
    for _, event in sorted(EVENTS.items()):
        topics.setdefault(event.TOPIC, []).append(event)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "CPT events",
            "version": "1",
            "description": "Every event of every topic. A field may be added under the same type; "
            "any other change is a new type (.v2) beside the old one.",
        },
        "defaultContentType": "application/json",
        "servers": _SERVERS,
        "channels": {topic: _channel(topic, events) for topic, events in sorted(topics.items())},
        "operations": dict(_operations(topics)),
        "components": {
            "messages": {name: _message(event) for name, event in sorted(EVENTS.items())},
            "schemas": _schemas(),
            "securitySchemes": {
                "scram": {"type": "scramSha512", "description": "A login of its own for each sender and each service."}
            },
        },
    }


def _channel(topic: str, events: list[type[Event]]) -> dict[str, Any]:
    return {
        "address": topic,
        "description": f"Written by {_sources(events)}.",
        "messages": {e.TYPE: {"$ref": f"#/components/messages/{e.TYPE}"} for e in events},
    }


def _sources(events: list[type[Event]]) -> str:
    return " and ".join(sorted({event.SOURCE for event in events}))


def _operations(topics: dict[str, list[type[Event]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whoever sends is told by the source; whoever hears, by the handlers of its consumer."""
    for topic, events in sorted(topics.items()):
        for source in sorted({event.SOURCE for event in events}):
            told = [event for event in events if source == event.SOURCE]
            yield f"send{source.replace('/', '.')}", _operation("send", topic, told)
    for service in HEARERS:
        consumer = consumer_of(service)
        for topic, events in sorted(topics.items()):
            if heard := [event for event in events if consumer.handles(event.TYPE)]:
                yield f"receive.{consumer.name}.{topic}", _operation("receive", topic, heard)


def _operation(action: str, topic: str, events: list[type[Event]]) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/{topic}/messages/{event.TYPE}"} for event in events]
    what = "Written in binary mode of CloudEvents, keyed." if action == "send" else "Handled, each once in effect."
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}, "description": what, "messages": messages}


def _message(event: type[Event]) -> dict[str, Any]:
    schema, text = schema_of(event), {"type": "string"}
    samples = [record_of(event, extent) for extent in EXTENTS]
    names = sorted({name for sample in samples for name in sample["headers"]})
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": schema["description"],
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": list(_ATTRIBUTES),
            "properties": dict.fromkeys(names, text),
        },
        "payload": {"$ref": f"#/components/schemas/{event.TYPE}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": f"the value of: {schema['x-key']}"}}},
        "examples": [
            *(_example(example) for example in campus_examples() if example.event["type"] == event.TYPE),
            *(
                {"name": extent, "headers": sample["headers"], "payload": sample["body"]}
                for extent, sample in zip(EXTENTS, samples, strict=True)
            ),
        ],
    }


def _example(example: Example) -> dict[str, Any]:
    said = {"name": example.name, "summary": example.summary}
    return said | {"headers": example.headers, "payload": example.event["data"]}


def _schemas() -> dict[str, Any]:
    """The events' schemas; their parts lie beside them, since a reference counts from the document's root."""
    found: dict[str, Any] = {}
    for wire_type, event in sorted(EVENTS.items()):
        schema = {name: value for name, value in schema_of(event).items() if name not in {"$schema", "$id"}}
        parts = schema.pop("$defs", {})
        own = "" if all(found.get(name, _lifted(part)) == _lifted(part) for name, part in parts.items()) else wire_type
        found |= {own + name: _lifted(part, own) for name, part in parts.items()}
        found[wire_type] = _lifted(schema, own)
    return found


def _lifted(value: Any, own: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _lifted(inner, own) for name, inner in value.items()}
    if isinstance(value, list):
        return [_lifted(inner, own) for inner in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return value.replace("#/$defs/", f"#/components/schemas/{own}")
    return value


def consumer_of(service: str) -> Consumer:
    def clock() -> datetime:
        return datetime.now(UTC)

    settings: Any = settings_of(service)(
        postgres=PostgresSettings(dsn=SecretStr("postgresql://nobody@localhost/nothing"))
    )
    build = import_module(f"{service}.consumer").build_consumer
    match service:
        case "review":
            found = build(settings.review, clock)
        case "notifier":
            found = build(import_module("notifier.app").build_notice_context(settings), clock)
        case _:
            found = build(clock)
    assert isinstance(found, Consumer)
    return found
