"""What is known of each request from outside: its route, its answer, its time; never its address or its words."""

import re
import time

import structlog
from opentelemetry import propagate
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.runtime import metrics
from cpt.tracing import TRACER

log = structlog.get_logger()

UNKNOWN = "unknown"
"""A route for addresses that nothing serves, so that a stranger cannot make new labels."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_LOOKING = frozenset({"GET", "HEAD", "other"})
_IDS = frozenset(
    {"request_id", "alert_id", "notice_id", "parked_id", "task_id", "number", "seq", "kind", "act", "strm"}
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{1,7}|[a-z_-]{1,40}")
"""Ids of ours and words of ours; whatever else somebody types into an address may be a person."""


class Observed:
    """Comes outside of everything else in a web process; probes and metrics do not count."""

    def __init__(self, app: ASGIApp, ignored: frozenset[str]) -> None:
        self._app, self._ignored = app, ignored

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._ignored:
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def observing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        around = propagate.extract(Headers(scope=scope))
        with TRACER.start_as_current_span(
            method, around, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                await self._app(scope, receive, observing)
            finally:
                route = route_of(scope)
                seconds = time.monotonic() - began
                metrics.HTTP_SECONDS.labels(method, route, f"{status // 100}xx").observe(seconds)
                span.update_name(f"{_convention(method)} {route}")
                span.set_attributes(
                    {
                        "http.request.method": _convention(method),
                        "url.scheme": scope["scheme"],
                        "http.response.status_code": status,
                    }
                )
                if route != UNKNOWN:
                    span.set_attribute("http.route", route)
                if status >= 500:
                    span.set_attribute("error.type", str(status))
                    span.set_status(Status(StatusCode.ERROR))
                if method not in _LOOKING or status >= 400:
                    told = {"method": method, "route": route, "status": status, "seconds": round(seconds, 3)}
                    log.info("request_answered", **told, **ids_of(scope))


def _convention(method: str) -> str:
    """The method, or OpenTelemetry's word for one that its convention does not know."""
    return method if method in METHODS else "_OTHER"


def route_of(scope: Scope) -> str:
    """The template, such as /api/requests/{request_id}."""
    return getattr(scope.get("route"), "path", UNKNOWN)


def ids_of(scope: Scope) -> dict[str, str]:
    given = scope.get("path_params", {}).items()
    return {name: str(value) for name, value in given if name in _IDS and _ID.fullmatch(str(value))}
