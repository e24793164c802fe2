"""Sends traces to a collector, where one is named; else nothing is recorded."""

from opentelemetry import trace

from cpt.runtime.settings import TraceSettings

SERVICE = "service.name"
PROCESS = "cpt.process"
_SECONDS, _PAUSE_MS = 5.0, 1000


def configure_traces(service: str, process: str, settings: TraceSettings) -> None:
    """The sampler is the standard's (OTEL_TRACES_SAMPLER). A collector that is away costs spans and nothing else."""
    if not settings.address:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 only where used
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 as above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 as above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 as above

    provider = TracerProvider(resource=Resource.create({SERVICE: f"cpt-{service}", PROCESS: process}))
    exporter = OTLPSpanExporter(f"{settings.address.rstrip('/')}/v1/traces", timeout=_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_PAUSE_MS))
    trace.set_tracer_provider(provider)
