"""Addresses that no part of the system can look up."""

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cpt.web.problems import plain_problem, problem_response

RowNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""The number of a row as a part of a path: what a bigint can hold."""

AtMost = Annotated[int | None, Query(ge=1, le=10_000)]
"""`?limit=`; without it a list is complete."""


class ReadableAddress:
    """Middleware: 400 for NUL in the path or the query, which PostgreSQL refuses as text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            problem = plain_problem(400, "The address holds a character that nothing here is called by.")
            await problem_response(Request(scope), problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)
