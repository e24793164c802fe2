"""Traces follow a request over HTTP, outbox, Kafka and due rows; attributes are ids and codes, never personal data.

Names are OpenTelemetry's semantic conventions where they have one, else `cpt.…`. Addresses (`url.full`, `url.path`), keys
of messages and texts of queries are left out, though the conventions ask for them: they may hold a person.
A row or a message carries the `traceparent` of what wrote it. Without a collector nothing is carried, and nothing costs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

TRACER = trace.get_tracer("cpt")


def carried() -> str | None:
    """What runs now, in the form that a header or a row holds."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


def parent(traceparent: str | None) -> Context:
    return propagate.extract({"traceparent": traceparent} if traceparent else {}, context=Context())


Attributes = Mapping[str, str | int]


def in_topic(operation: str, topic: str, event_id: str) -> Attributes:
    """`operation` is `send` or `process`."""
    return {
        "messaging.system": "kafka",
        "messaging.operation.type": operation,
        "messaging.operation.name": operation,
        "messaging.destination.name": topic,
        "messaging.message.id": event_id,
    }


@contextmanager
def following(
    traceparent: str | None,
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
    **ids: str,
) -> Iterator[None]:
    """The work that a message or a row asked for, as a part of what wrote it; alone where nothing was carried."""
    if traceparent is None:
        yield
        return
    with _told(name, kind, {**_own(ids), **(attributes or {})}, parent(traceparent)):
        yield


@contextmanager
def calling(name: str, attributes: Attributes | None = None, **codes: str) -> Iterator[Span]:
    """A call to another system, as a part of what runs now; no trace begins here."""
    if not trace.get_current_span().get_span_context().is_valid:
        yield trace.INVALID_SPAN
        return
    with _told(name, SpanKind.CLIENT, {**_own(codes), **(attributes or {})}, None) as span:
        yield span


def _own(attributes: Mapping[str, str]) -> dict[str, str | int]:
    return {f"cpt.{name}": value for name, value in attributes.items()}


@contextmanager
def _told(name: str, kind: SpanKind, attributes: Attributes, context: Context | None) -> Iterator[Span]:
    """Of a failure the class alone: its words may hold what people wrote."""
    with TRACER.start_as_current_span(
        name, context, kind, attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
