"""No change by a browser session without proof that the change was asked for on one of our own pages."""

import base64
import hmac
import secrets

from starlette.requests import Request

from cpt.web.forms import is_form, read_form
from cpt.web.problems import Problem
from cpt.web.sessions import Session

FIELD = "csrf_token"
HEADER = "x-csrf-token"

_PAD = 32
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


def masked(token: str) -> str:
    """The token under a pad of this page's own: a page may be compressed, and its length tells nothing of the token (BREACH)."""
    pad = secrets.token_bytes(_PAD)
    return base64.urlsafe_b64encode(pad + _xor(token.encode(), pad)).decode()


def _unmasked(text: str) -> bytes:
    """Nothing for what no page of ours holds."""
    try:
        both = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return _xor(both[_PAD:], both[:_PAD])


def _xor(text: bytes, pad: bytes) -> bytes:
    return bytes(byte ^ pad[place % _PAD] for place, byte in enumerate(text)) if len(pad) == _PAD else b""


async def guard(request: Request) -> None:
    """A dependency of the whole app. A bearer needs no token; without a session there is nothing to misuse."""
    session: Session | None = request.state.session
    if request.method in _HARMLESS or session is None or "authorization" in request.headers:
        return
    if not await is_proven(request, session):
        raise Problem(
            403,
            "csrf",
            "This page is no longer valid",
            "Nothing was changed. Open the page again and repeat what you did.",
        )


async def is_proven(request: Request, session: Session) -> bool:
    """Whether a page of this session asked for it."""
    return _from_own_page(request) and hmac.compare_digest(_unmasked(await _token(request)), session.csrf.encode())


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
