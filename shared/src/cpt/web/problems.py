"""Refusals as RFC 9457 problem documents, or as pages for people who came with a browser."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Protocol
from urllib.parse import quote

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from cpt.web.statuses import status_of

log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
MOST_ERRORS = 50  # in one answer: what is sent must not come back many times as large


@dataclass(frozen=True)
class FieldError:
    """`field` is the dotted path of the field as the client named it, such as `work_locations.0.city`."""

    field: str
    code: str
    message: str


class Problem(HTTPException):
    """Raise it anywhere below the web layer of a service; `title` and `detail` are shown to people.

    Of `errors` the first 50 are kept, and the number of the others.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str | None = None,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail or "", headers)
        self.code = code
        self.title = title
        remaining = iter(errors)
        self.errors = tuple(islice(remaining, MOST_ERRORS))
        self.more_errors = sum(1 for _ in remaining)

    def document(self) -> dict[str, Any]:
        body = {
            "type": f"urn:cpt:problem:{self.code}",
            "title": self.title,
            "status": self.status_code,
            "code": self.code,
            "detail": self.detail,
            "errors": [asdict(error) for error in self.errors],
            "more_errors": self.more_errors,
        }
        return {name: value for name, value in body.items() if value}


class ErrorPages(Protocol):
    def error(self, request: Request, problem: Problem) -> Response: ...


def plain_problem(
    status: int, detail: str | None = None, headers: Mapping[str, str] | None = None, errors: Iterable[FieldError] = ()
) -> Problem:
    """A problem with the usual code and title of its HTTP status."""
    texts = status_of(status)
    return Problem(status, texts.code, texts.title, detail, errors, headers)


def unauthenticated(detail: str | None = None) -> Problem:
    challenge = 'Bearer error="invalid_token"' if detail else "Bearer"
    return plain_problem(401, detail, {"WWW-Authenticate": challenge})


def not_found() -> Problem:
    return plain_problem(404)


def overload(status: int, seconds: float) -> Problem:
    """429 or 503 with `Retry-After`, in whole seconds and at least one."""
    return plain_problem(status, headers={"Retry-After": str(max(1, math.ceil(seconds)))})


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page; the API always answers in JSON."""
    is_api = request.url.path == "/api" or request.url.path.startswith("/api/")
    return not is_api and "text/html" in request.headers.get("accept", "")


def address(request: Request) -> str:
    """Path and query, as a link on the same host."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def problem_response(request: Request, problem: Problem) -> Response:
    pages: ErrorPages | None = getattr(request.app.state, "pages", None)
    if problem.status_code == 403 or (problem.status_code == 401 and (problem.detail or not wants_page(request))):
        _note_refusal(request, problem)
    if pages is None or not wants_page(request):
        return JSONResponse(problem.document(), problem.status_code, problem.headers, PROBLEM_JSON)
    if problem.status_code == 401 and request.method == "GET":
        return RedirectResponse(f"/signin?return_to={quote(address(request), safe='')}", 303)
    return pages.error(request, problem)


def _note_refusal(request: Request, problem: Problem) -> None:
    """Logs who was refused what. A browser without a session is not: it is sent to the sign-in."""
    person = getattr(request.state, "person", None) or getattr(getattr(request.state, "session", None), "person", None)
    log.warning(
        "access_refused",
        method=request.method,
        route=getattr(request.scope.get("route"), "path", "unknown"),
        code=problem.code,
        reason=problem.detail,
        roles=sorted(person.roles) if person else [],
        actor=person.actor() if person else None,
    )
