"""Sends traces to a collector, where one is named; else nothing is recorded."""

import asyncio
from uuid import uuid4

from opentelemetry import trace

from cpt.runtime.settings import TraceSettings

SERVICE = "service.name"
PROCESS = "cpt.process"
_SECONDS, _PAUSE_MS = 5.0, 1000


def configure_traces(service: str, process: str, settings: TraceSettings, environment: str = "development") -> None:
    """A collector that is away costs spans and nothing else. Its version and where it runs, namespace and pod, are in
    OTEL_RESOURCE_ATTRIBUTES.
    """
    if not settings.address:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 only where used
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 as above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 as above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 as above
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415 as above

    resource = Resource.create(
        {
            SERVICE: f"cpt-{service}",
            "service.namespace": "cpt",
            "service.instance.id": str(uuid4()),
            "deployment.environment.name": environment,
            PROCESS: process,
        }
    )
    provider = TracerProvider(ParentBasedTraceIdRatio(settings.share), resource)
    exporter = OTLPSpanExporter(f"{settings.address.rstrip('/')}/v1/traces", timeout=_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_PAUSE_MS))
    trace.set_tracer_provider(provider)


async def send_last_traces() -> None:
    """Before a process ends; a stop by signal runs no exit handlers."""
    flush = getattr(trace.get_tracer_provider(), "force_flush", None)
    if flush is not None:
        await asyncio.to_thread(flush)
