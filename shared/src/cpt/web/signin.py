"""Signing in and out with a browser: /signin, /signin/callback, /signout, /signed-out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cpt.web.code_flow import SignInFailed, SignInIncomplete, SignInTooWeak
from cpt.web.kept_forms import KEPT
from cpt.web.oidc import IssuerAway
from cpt.web.pages import Pages
from cpt.web.pending import Pending
from cpt.web.problems import Problem
from cpt.web.wiring import SignIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger(__name__)

_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,1000}")


_NOBODY_IN = frozenset(
    {"access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required"}
)
_ERROR = re.compile(r"[a-z_]{1,40}")
_ONCE_MORE = "The sign-in was not completed, took more than ten minutes, or was begun in another browser."
_NOT_LET_IN = "It was canceled at the university's sign-in, or your account was not let in there."


def local_path(target: str) -> str:
    """The target if it stays on this host and is a page to return to, else the start page."""
    return target if _LOCAL.fullmatch(target) and not target.startswith(("/sign", "/api/")) else "/"


@router.get("/signin")
async def sign_in(request: Request, return_to: str = "/") -> Response:
    target = local_path(return_to)
    if request.state.session is not None:
        return RedirectResponse(target, 303)
    desk: SignIn = request.app.state.sign_in
    pending = Pending(target)
    with _issuer_faults():
        answer = RedirectResponse(await desk.flow.authorize_url(pending), 303)
    desk.pending.keep(answer.headers, request.cookies, pending)
    return answer


@router.get("/signin/callback")
async def come_back(
    request: Request, state: str = "", code: str = "", iss: str | None = None, error: str = ""
) -> Response:
    desk: SignIn = request.app.state.sign_in
    pending = desk.pending.find(request.cookies, state)
    if pending is None and request.state.session is not None:
        return RedirectResponse("/", 303)  # the address was opened again after signing in
    if pending is None or iss not in {None, desk.flow.endpoint.issuer.url}:
        raise _once_more("The answer was not asked for by this browser.")
    request.state.return_to = pending.return_to
    if not code:
        raise _refused(error)
    with _issuer_faults():
        person, tokens = await desk.flow.sign_in(code, pending)
    log.info("signed_in", roles=sorted(person.roles), actor=person.actor())
    answer = RedirectResponse(pending.return_to, 303)
    before = desk.sessions.last(request.cookies)
    session = await desk.sessions.start(answer.headers, person, tokens, request.cookies)
    if before and before.person.sub == person.sub and (kept := await desk.kept.move(before.number, session.number)):
        answer.headers["location"] = f"{kept.page}?{KEPT}=unsent"
    desk.pending.drop(answer.headers, state)
    request.state.session = None  # the new cookie stands, not a renewal of the old
    return answer


@router.post("/signout")
async def sign_out(request: Request) -> Response:
    return await leave(request)


async def leave(request: Request) -> Response:
    """Ends the session of this browser, then the one at the issuer."""
    desk: SignIn = request.app.state.sign_in
    elsewhere = await desk.flow.sign_out_url(f"{desk.public_url}/signed-out")
    answer = RedirectResponse(elsewhere or "/signed-out", 303)
    await desk.sessions.end(answer.headers, request.state.session)
    request.state.session = None
    return answer


@router.get("/signed-out")
async def signed_out(request: Request) -> Response:
    pages: Pages = request.app.state.pages
    return pages.render(request, "signed_out.html")


def _once_more(reason: str) -> Problem:
    log.warning("sign_in_refused", reason=reason)
    return Problem(400, "sign_in_again", "Sign in once more", _ONCE_MORE)


def _refused(error: str) -> Problem:
    """The issuer sent the browser back without a code (OpenID Connect Core, 3.1.2.6)."""
    reason = f"The issuer reported {error if _ERROR.fullmatch(error) else 'a fault'}."
    if error not in _NOBODY_IN:
        return _once_more(reason)
    log.warning("sign_in_refused", reason=reason)
    return Problem(403, "sign_in_denied", "You were not signed in", _NOT_LET_IN)


@contextmanager
def _issuer_faults() -> Iterator[None]:
    try:
        yield
    except SignInFailed as error:
        raise _once_more(str(error)) from None
    except SignInTooWeak:
        words = "Staff use their second factor here. Sign out at the university's sign-in, then sign in with it."
        raise Problem(403, "sign_in_too_weak", "This sign-in is not strong enough", words) from None
    except SignInIncomplete as error:
        log.warning("sign_in_incomplete", reason=str(error))
        words = "Your account lacks what it is known by here. Signing in again will not help; the office can."
        raise Problem(403, "sign_in_incomplete", "The university's sign-in does not say who you are", words) from None
    except IssuerAway:
        away = "The university's sign-in does not answer at the moment"
        raise Problem(503, "sign_in_unavailable", away, headers={"Retry-After": "5"}) from None
