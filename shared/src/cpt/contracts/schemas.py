"""The JSON Schema of an event: what consumers may rely on, every field with its meaning."""

from typing import Any, TypeGuard, get_args

from cpt.contracts.event import CampusEvent, Event, Wire
from cpt.contracts.fields import field_of
from cpt.contracts.samples import sample_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """Of our own events what we send, of campus events what we accept. Fields beyond it are allowed to come."""
    schema = event.model_json_schema(mode="validation" if issubclass(event, CampusEvent) else "serialization")
    parts = schema.pop("$defs", {})
    schema.setdefault("description", _fact(event))
    models = models_in(event)
    document = {
        "$schema": DIALECT,
        "$id": f"urn:{event.TYPE}",
        "x-topic": event.TOPIC,
        "x-source": event.SOURCE,
        "x-key": _key_of(event),
        "x-headers": sorted(sample_of(event, "full").extensions),
    } | _documented(schema, event)
    if parts:
        document["$defs"] = {name: _documented(part, models[name]) for name, part in sorted(parts.items())}
    return document


def models_in(model: type[Wire]) -> dict[str, type[Wire]]:
    """Every value that travels inside, by class name, itself included."""
    found = {model.__name__: model}
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            found |= models_in(part)
    return found


def _parts(annotation: Any) -> list[type[Wire]]:
    if _is_wire(annotation):
        return [annotation]
    return [found for part in get_args(annotation) for found in _parts(part)]


def _is_wire(annotation: Any) -> TypeGuard[type[Wire]]:
    return isinstance(annotation, type) and issubclass(annotation, Wire)


def _fact(event: type[Event]) -> str:
    """The words of the wire type, for an event whose name says it all."""
    return f"{event.TYPE.split('.')[-2].replace('-', ' ').capitalize()}."


def _key_of(event: type[Event]) -> str:
    """The field the Kafka key is taken from, else the constant that it is."""
    sample = sample_of(event, "full")
    return next((name for name in event.model_fields if getattr(sample, name) == sample.key), sample.key)


def _documented(schema: dict[str, Any], model: type[Wire]) -> dict[str, Any]:
    tidy = {name: value for name, value in schema.items() if name not in {"title", "additionalProperties"}}
    tidy["properties"] = {name: _property(model, name, value) for name, value in schema["properties"].items()}
    return tidy


def _property(model: type[Wire], name: str, schema: dict[str, Any]) -> dict[str, Any]:
    field = field_of(model, name)
    tidy = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    tidy["description"] = field.means
    if field.example is not None:
        tidy["examples"] = [field.example]
    if field.personal:
        tidy["x-personal"] = True
    return tidy
