"""Golden samples: each event once with everything and once with the least, as Kafka would carry it."""

import json
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import TypeAdapter

from cpt.contracts.envelope import REQUIRED, headers_of
from cpt.contracts.event import CampusEvent, Event, Wire
from cpt.contracts.fields import Undocumented, field_of

W = TypeVar("W", bound=Wire)
Extent = Literal["full", "minimal"]
EXTENTS: tuple[Extent, ...] = ("full", "minimal")

_ID = "0199f3a0-0000-7000-8000-0000000e7e47"
_TIME = datetime(2026, 9, 1, 14, tzinfo=UTC)
_TRACE = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


def sample_of(model: type[W], extent: Extent) -> W:
    """The same at every call. Full: every field has a value. Minimal: null, empty or absent where that is allowed."""
    wanted = {n: f for n, f in model.model_fields.items() if extent == "full" or f.is_required()}
    return model(**{name: _value(model, name, field.annotation, extent) for name, field in wanted.items()})


def record_of(event: type[Event], extent: Extent) -> dict[str, Any]:
    """Topic, key, headers and body of a sample; the body is JSON, parsed."""
    sample = sample_of(event, extent)
    trace = _TRACE if extent == "full" else {}
    headers = headers_of(sample, event_id=_ID, time=_TIME, sequence=1, extra=trace | sample.extensions)
    if extent == "minimal" and issubclass(event, CampusEvent):  # the campus systems owe us no more than these
        headers = {name: headers[name] for name in REQUIRED}
    body = json.loads(sample.model_dump_json(exclude_unset=extent == "minimal"))
    return {"topic": event.TOPIC, "key": sample.key, "headers": headers, "body": body}


def _value(model: type[Wire], name: str, annotation: Any, extent: Extent) -> Any:
    """`annotation` is the field's type or a part of it."""
    parts = get_args(annotation)
    match get_origin(annotation):
        case origin if origin in (Union, UnionType):
            inner = next(part for part in parts if part is not NoneType)
            return _value(model, name, inner, extent) if extent == "full" else None
        case origin if origin is Literal:
            return parts[0] if extent == "full" else parts[-1]
        case origin if origin is tuple:
            return (_value(model, name, parts[0], extent),) if extent == "full" else ()
        case _ if annotation is bool:
            return extent == "full"
        case _ if isinstance(annotation, type) and issubclass(annotation, Wire):
            return sample_of(annotation, extent)
    example = field_of(model, name).example
    if example is None:
        raise Undocumented(f"{model.__name__}.{name}: give an example in fields.toml")
    return TypeAdapter(annotation).validate_python(example)
