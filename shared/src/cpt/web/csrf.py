"""No change by a browser session without proof that the change was asked for on one of our own pages."""

import hmac

from starlette.requests import Request

from cpt.web.forms import is_form, read_form
from cpt.web.problems import Problem
from cpt.web.sessions import Session

FIELD = "csrf_token"
HEADER = "x-csrf-token"

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


async def guard(request: Request) -> None:
    """A dependency of the whole app. A bearer needs no token; without a session there is nothing to misuse."""
    session: Session | None = request.state.session
    if request.method in _HARMLESS or session is None or "authorization" in request.headers:
        return
    if not _from_own_page(request) or not hmac.compare_digest((await _token(request)).encode(), session.csrf.encode()):
        raise Problem(
            403,
            "csrf",
            "This page is no longer valid",
            "Nothing was changed. Open the page again and repeat what you did.",
        )


def _from_own_page(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or origin == request.app.state.origin


async def _token(request: Request) -> str:
    if HEADER in request.headers:
        return request.headers[HEADER]
    if not is_form(request):
        return ""
    value = (await read_form(request)).get(FIELD)
    return value if isinstance(value, str) else ""
