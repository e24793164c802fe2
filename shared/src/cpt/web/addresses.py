"""Addresses that no part of the system can look up."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Path, Query
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cpt.web.problems import plain_problem, problem_response

RowNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""The number of a row as a part of a path: what a bigint can hold."""

AtMost = Annotated[int | None, Query(ge=1, le=10_000)]
"""`?limit=`; without it a list is complete."""


class ReadableAddress:
    """Middleware: 400 for NUL in the path or the query, which PostgreSQL refuses as text, and for a parameter that is
    given twice, of which a proxy or a filter before us may have judged the other one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (why := _fault(scope["path"], scope["query_string"])):
            await problem_response(Request(scope), plain_problem(400, why))(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _fault(path: str, query: bytes) -> str | None:
    if "\0" in path or b"%00" in query:
        return "The address holds a character that nothing here is called by."
    names = [name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)]
    return "The address gives a parameter twice." if len(names) > len(set(names)) else None
