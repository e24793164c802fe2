"""How large a request may be, and how long its body may take to arrive."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.web.problems import Problem, plain_problem, problem_response

FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"
MOST_FIELDS = 1_000  # of a form, as the parser of multipart forms allows
_PATIENCE = 10.0  # seconds, and at most this many bytes, to swallow the rest of what is too large:
_SWALLOWED = 64 * 2**20  # a connection closed before that would take the answer with it
_STILL = 20.0  # seconds without a byte of the body,
_WHOLE = 120.0  # and for all of it: 10 MiB at under 1 Mbit/s


class BodyLimit:
    """Middleware: 413 as soon as a body is known to be larger than its path and kind allow, 408 for one that dawdles.

    `larger` maps a regular expression, matched against the whole path, to its limit in bytes; what a page types never
    has more than `form`.
    """

    def __init__(self, app: ASGIApp, limit: int, form: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._form = form
        self._larger = [(re.compile(pattern), size) for pattern, size in larger.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (
            "content-length" in headers and "transfer-encoding" in headers
        ):  # two readings of where the next request begins
            await problem_response(Request(scope), _two_lengths())(scope, receive, send)
            return
        kind = headers.get("content-type", "").lower()
        limit = self._limit_of(scope["path"], kind)
        if _announced(headers) <= limit:
            await self._app(scope, _bounded(receive, limit, typed=kind.startswith(FORM)), send)
            return
        if "expect" not in headers:  # who asks before sending has sent nothing yet
            await _swallow(receive)
        await problem_response(Request(scope), _too_large(limit))(scope, receive, send)

    def _limit_of(self, path: str, kind: str) -> int:
        if kind.startswith(FORM):
            return self._form
        usual = self._form if kind.startswith(FILES) else self._limit
        return next((size for pattern, size in self._larger if pattern.fullmatch(path)), usual)


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


def _bounded(receive: Receive, limit: int, *, typed: bool) -> Receive:
    total, fields, until, whole = 0, 1, asyncio.get_running_loop().time() + _WHOLE, False

    async def bounded() -> Message:
        nonlocal total, fields, whole
        if whole:  # what comes now is that the client left
            return await receive()
        try:
            async with asyncio.timeout_at(min(until, asyncio.get_running_loop().time() + _STILL)):
                message = await receive()
        except TimeoutError:
            raise plain_problem(408, headers={"Connection": "close"}) from None
        whole = not message.get("more_body")
        total += len(message.get("body", b""))
        if total > limit:
            await _swallow(receive)
            raise _too_large(limit)
        if typed and (fields := fields + message.get("body", b"").count(b"&")) > MOST_FIELDS:
            raise plain_problem(400, f"A form has at most {MOST_FIELDS} fields.", {"Connection": "close"})
        return message

    return bounded


async def _swallow(receive: Receive) -> None:
    swallowed, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while more and swallowed < _SWALLOWED:
                message = await receive()
                swallowed += len(message.get("body", b""))
                more = bool(message.get("more_body"))


def _too_large(limit: int) -> Problem:
    return plain_problem(413, f"At most {_spoken(limit)} can be sent here.", {"Connection": "close"})


def _spoken(limit: int) -> str:
    return f"{limit / 2**20:.3g} MB" if limit >= 2**20 else f"{limit / 2**10:.3g} KB"


def _two_lengths() -> Problem:
    return plain_problem(400, "The request says twice how long it is.", {"Connection": "close"})
