"""What is known of each request from outside: its route, its answer, its time; never its address or its words."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.runtime import metrics

UNKNOWN = "unknown"
"""A route for addresses that nothing serves, so that a stranger cannot make new labels."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


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

        try:
            await self._app(scope, receive, observing)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            labels = (method, route_of(scope), f"{status // 100}xx")
            metrics.HTTP_SECONDS.labels(*labels).observe(time.monotonic() - began)


def route_of(scope: Scope) -> str:
    """The template, such as /api/requests/{request_id}."""
    return getattr(scope.get("route"), "path", UNKNOWN)
