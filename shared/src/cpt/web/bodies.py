"""How large a request may be."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.web.problems import Problem, plain_problem, problem_response

_PATIENCE = 10.0  # seconds, and at most this many bytes, to swallow the rest of what is too large:
_SWALLOWED = 64 * 2**20  # a connection closed before that would take the answer with it


class BodyLimit:
    """Middleware: 413 as soon as a body is known to be larger than its path allows.

    `larger` maps a regular expression, matched against the whole path, to its limit in bytes.
    """

    def __init__(self, app: ASGIApp, limit: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._larger = [(re.compile(pattern), size) for pattern, size in larger.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, headers = self._limit_of(scope["path"]), Headers(scope=scope)
        if _announced(headers) <= limit:
            await self._app(scope, _counted(receive, limit), send)
            return
        if "expect" not in headers:  # who asks before sending has sent nothing yet
            await _swallow(receive)
        await problem_response(Request(scope), _too_large(limit))(scope, receive, send)

    def _limit_of(self, path: str) -> int:
        return next((size for pattern, size in self._larger if pattern.fullmatch(path)), self._limit)


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


def _counted(receive: Receive, limit: int) -> Receive:
    total = 0

    async def counting() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            await _swallow(receive)
            raise _too_large(limit)
        return message

    return counting


async def _swallow(receive: Receive) -> None:
    swallowed, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while more and swallowed < _SWALLOWED:
                message = await receive()
                swallowed += len(message.get("body", b""))
                more = bool(message.get("more_body"))


def _too_large(limit: int) -> Problem:
    return plain_problem(413, f"At most {limit / 2**20:.3g} MB can be sent here.", {"Connection": "close"})
