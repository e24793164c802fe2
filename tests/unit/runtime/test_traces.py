"""Without a collector nothing is traced and nothing is carried; a failure is told by its class alone."""

import asyncio
import os
import signal
import sys

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from cpt import tracing
from cpt.runtime import observed
from cpt.runtime.settings import TraceSettings
from cpt.runtime.traces import configure_traces
from tests.acceptance.collector import collecting

CAME = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
LAST_WORDS = f"""
import asyncio, signal
from cpt.runtime.settings import TraceSettings
from cpt.runtime.traces import configure_traces, send_last_traces
from cpt.tracing import following
configure_traces("review", "worker", TraceSettings())
with following("{CAME}", "process"):
    pass
asyncio.run(send_last_traces())
signal.raise_signal(signal.SIGTERM)
"""


@pytest.fixture
def told(monkeypatch):
    """What would be exported."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "TRACER", provider.get_tracer("tests"))
    return exporter.get_finished_spans


def test_traces_are_off_where_no_collector_is_named(monkeypatch):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    before = trace.get_tracer_provider()

    configure_traces("intake", "web", TraceSettings())

    assert trace.get_tracer_provider() is before
    assert tracing.carried() is None


def test_the_standard_variable_counts_where_our_own_is_absent(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318")

    assert TraceSettings().address == "http://collector.example:4318"
    assert TraceSettings(endpoint="http://own.example").address == "http://own.example"


def test_what_a_message_carried_is_gone_on_with_and_carried_further(told):
    with tracing.following(CAME, "process", event_id="e1"):
        further = tracing.carried()

    (span,) = told()
    assert (trace.format_trace_id(span.context.trace_id), span.parent.is_remote) == (CAME[3:35], True)
    assert further == f"{CAME[:35]}-{trace.format_span_id(span.context.span_id)}-01"
    assert span.attributes == {"cpt.event_id": "e1"}


@pytest.mark.parametrize("carried", [None, "", "rubbish", "00-0-0-0"])
def test_nothing_or_rubbish_carried_fails_nothing(told, carried):
    with tracing.following(carried, "process"), tracing.calling("ask spire"):
        pass

    assert all(span.parent is None for span in told() if span.name == "process")


def test_spans_of_messages_and_of_the_database_are_named_by_the_conventions(told):
    """OpenTelemetry's semantic conventions; a key of a message and a text of a query are left out, they may be a person's."""
    with tracing.following(CAME, "process x", SpanKind.CONSUMER, tracing.in_topic("process", "cpt.intake", "e1")):
        pass

    (span,) = told()
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.destination.name": "cpt.intake",
        "messaging.message.id": "e1",
    }


async def test_a_request_is_a_span_by_its_route_and_never_by_its_address(told, monkeypatch):
    """OpenTelemetry's conventions for HTTP, without `url.path`: an address may hold a person."""
    monkeypatch.setattr(observed, "TRACER", tracing.TRACER)
    app = FastAPI()
    app.add_middleware(observed.Observed, frozenset({"/livez"}))
    app.add_api_route("/api/things/{thing}", lambda thing: thing)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        await http.get("/api/things/30012345")
        await http.request("BREW", "/wp-login.php")

    found, strange = told()
    assert (found.name, found.kind, dict(found.attributes)) == (
        "GET /api/things/{thing}",
        SpanKind.SERVER,
        {
            "http.request.method": "GET",
            "url.scheme": "http",
            "http.route": "/api/things/{thing}",
            "http.response.status_code": 200,
        },
    )
    assert (strange.name, "http.route" in strange.attributes) == ("_OTHER unknown", False)


def test_a_failure_is_told_by_its_class_and_never_by_its_words(told):
    """Case 66: `DETAIL: Key (emplid)=(30012345)` and the like."""
    with pytest.raises(ValueError, match="30012345"), tracing.following(CAME, "process"):
        raise ValueError("Key (emplid)=(30012345) already exists")

    (span,) = told()
    assert (span.status.description, span.events) == ("ValueError", ())
    assert span.attributes["error.type"] == "ValueError"


async def test_the_last_spans_of_a_process_reach_the_collector():
    """Over real HTTP, in a process of its own: a provider is set once."""
    with collecting() as collector:
        settings = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address}
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", LAST_WORDS, env=settings)
        assert await process.wait() == -signal.SIGTERM

    (span,) = collector.spans
    assert (span.by, span.name, span.trace) == ("cpt-review worker", "process", CAME[3:35])
