"""An OTLP collector's stand-in: takes spans over HTTP as a real one does, and tells what it has."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Seen:
    """`by`: service and process, such as `cpt-intake web`."""

    by: str
    name: str
    trace: str
    span: str
    parent: str
    attributes: dict[str, str]


@dataclass
class Collector:
    address: str = ""
    spans: list[Seen] = field(default_factory=list)

    def traces(self):
        found = defaultdict(list)
        for span in list(self.spans):
            found[span.trace].append(span)
        return found

    def take(self, body):
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            of = {pair.key: pair.value.string_value for pair in group.resource.attributes}
            for scope in group.scope_spans:
                self.spans += [_seen(f"{of['service.name']} {of['cpt.process']}", span) for span in scope.spans]


def _seen(by, span):
    attributes = {pair.key: pair.value.string_value or str(pair.value.int_value) for pair in span.attributes}
    words = [*attributes.values(), span.status.message, *(str(event) for event in span.events)]
    return Seen(
        by,
        span.name,
        *(i.hex() for i in (span.trace_id, span.span_id, span.parent_span_id)),
        attributes | {"words": " ".join(words)},
    )


@contextmanager
def collecting():
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    collector.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
