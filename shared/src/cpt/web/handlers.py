"""Turns every exception of a request into a problem; an unexpected one is logged by class and place only."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from traceback import walk_tb
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.contracts.json_text import NameTwice, parse_json
from cpt.messaging.own_message import OwnMessage
from cpt.web.people import known_person
from cpt.web.problems import Problem, overload, plain_problem, problem_response
from cpt.web.validation import field_errors

Refusals = Mapping[type[Exception], Callable[[Any], Problem]]

_SMALL = 64 * 2**10

log = structlog.get_logger(__name__)


def install_handlers(app: FastAPI, refusals: Refusals) -> None:
    """`refusals` maps each domain exception to its problem."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(OwnMessage, _on_refusal(_own))
    for kind, to_problem in refusals.items():
        app.add_exception_handler(kind, _on_refusal(to_problem))


def _own(_: Exception) -> Problem:
    return Problem(403, "own_case", "This is about your own request", "A colleague has to do this.")


def _on_refusal(to_problem: Callable[[Any], Problem]) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> Response:
        return problem_response(request, to_problem(error))

    return answer


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return problem_response(request, error)
    if isinstance(error.__cause__, ValueError | RecursionError):  # FastAPI met JSON in no known encoding, or too deep
        return problem_response(request, await _unreadable(request))
    return problem_response(request, plain_problem(error.status_code, headers=error.headers))


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    findings = error.errors()
    if any(finding["type"] == "json_invalid" for finding in findings):
        return problem_response(request, await _unreadable(request))
    if isinstance(error.body, bytes) and any(finding["loc"] == ("body",) for finding in findings):
        return problem_response(request, plain_problem(415, "Send JSON, with Content-Type: application/json."))
    return problem_response(request, plain_problem(422, errors=field_errors(findings)))


async def unambiguous_json(request: Request) -> None:
    """A dependency of the whole app, for small bodies: whoever takes larger ones judges them beside the loop. Raises
    Problem 422 for an object with a field twice.
    """
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        return
    body = await request.body()
    with suppress(RecursionError):
        try:
            parse_json(body if len(body) <= _SMALL else b"{}")
        except NameTwice as error:
            raise await _unreadable(request, str(error)) from None
        except ValueError:
            return  # what takes a body of this kind says so


async def _unreadable(request: Request, why: str | None = None) -> Problem:
    """FastAPI reads the body first; who is not known here learns nothing but that."""
    try:
        await known_person(request)
    except Problem as refusal:
        return refusal
    return Problem(422, "unreadable_json", "The body is not readable JSON", why)


class Unforeseen:
    """Middleware: 503 for faults that pass by themselves, 500 for the rest, and no exception reaches the server.

    Starlette's own handler raises again after answering, and the server then logs the message with its data.
    """

    def __init__(self, app: ASGIApp, is_transient: Callable[[BaseException], bool]) -> None:
        self._app = app
        self._is_passing = is_transient

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            log.info("client_left")
        except Exception as error:
            if scope["type"] != "http":
                raise
            problem = self._problem(error)
            if not started:  # else the server drops the connection, so that half an answer is not taken for a whole
                await problem_response(Request(scope), problem)(scope, receive, send)

    def _problem(self, error: Exception) -> Problem:
        if self._is_passing(error):
            log.warning("request_failed_for_now", error=type(error).__name__, at=_place(error))
            return overload(503, 5)
        reference = uuid4().hex[:12]
        log.error("request_failed", error=type(error).__name__, at=_place(error), reference=reference)
        return plain_problem(500, f"Reference: {reference}")


def _place(error: Exception) -> str:
    frames = [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in walk_tb(error.__traceback__)]
    return " ".join(frames[-3:])
