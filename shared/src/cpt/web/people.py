"""Who is asking, by bearer token or by session, and what their roles allow."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from cpt.contracts.values import Person as Named
from cpt.web.claims import Unsaid
from cpt.web.limits import Rate
from cpt.web.oidc import IssuerAway
from cpt.web.person import ROLES, Person
from cpt.web.problems import not_found, overload, plain_problem, unauthenticated
from cpt.web.sessions import Session
from cpt.web.tokens import BadToken, TokenChecker
from cpt.web.wiring import SignIn

__all__ = ["ROLES", "Person", "current_person", "known_person", "named", "own_or_missing", "require"]

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT")


async def current_person(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Person:
    """Raises 401 without a good token or session, 429 to a person in too much of a hurry."""
    if "authorization" in request.headers:  # a request with a bearer never leans on a cookie, so it needs no CSRF token
        person = await _by_token(request, credentials.credentials if credentials else "")
    else:
        person = _by_session(request)
    request.state.person = person
    rate: Rate = request.app.state.person_rate
    if wait := rate.take(person.sub):
        raise overload(429, wait)
    return person


async def known_person(request: Request) -> Person:
    """The same outside of a dependency."""
    return await current_person(request, await _bearer(request))


async def _by_token(request: Request, token: str) -> Person:
    checker: TokenChecker = request.app.state.tokens
    desk: SignIn = request.app.state.sign_in
    try:
        claims = await checker.claims(token)
        person = desk.claims.person(claims)
    except (BadToken, Unsaid) as error:
        raise unauthenticated(str(error)) from None
    except IssuerAway:
        raise overload(503, 5) from None
    if not desk.strength.suffices(person, claims):
        raise unauthenticated("The token says too little of how its person signed in (acr, amr).")
    return person


def _by_session(request: Request) -> Person:
    session: Session | None = request.state.session
    if session is None:
        raise unauthenticated()
    return session.person


def require(*roles: str) -> Callable[..., Awaitable[Person]]:
    """A dependency that gives the person if they hold any of the roles; without roles, anyone who signed in."""
    if unknown := set(roles) - ROLES:
        raise ValueError(f"no such role: {sorted(unknown)}")

    async def allowed(person: Annotated[Person, Depends(current_person)]) -> Person:
        if roles and not person.has(*roles):
            raise plain_problem(403)
        return person

    return allowed


def own_or_missing(person: Person, owner: str, *readers: str) -> None:
    """Someone else's request is 404, unless the person holds one of the reading roles."""
    if person.sub != owner and not person.has(*readers):
        raise not_found()


def named(person: Person) -> Named:
    """The person as events and rows know them."""
    return Named(sub=person.sub, name=person.name, email=person.email)
