"""Puts the web process of a service together; everything that differs is an argument."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

import anyio.lowlevel
import httpx2
from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import Route

from cpt.postgres import Database
from cpt.web import assets, csrf, my_sessions, signin
from cpt.web.addresses import ReadableAddress
from cpt.web.assets import Assets
from cpt.web.bodies import BodyLimit
from cpt.web.form_answers import FormAnswers
from cpt.web.forms import storable_form
from cpt.web.handlers import Refusals, Unforeseen, install_handlers, unambiguous_json
from cpt.web.kept_forms import find_kept, keep_unsent
from cpt.web.limits import AddressLimit, Rate
from cpt.web.openapi import PROBLEM_RESPONSES
from cpt.web.options import Branding, Identity, RequestLimits
from cpt.web.pages import SHARED_STATIC, Pages, environment
from cpt.web.security import SecurityHeaders, origin_of
from cpt.web.session_middleware import SessionMiddleware
from cpt.web.wiring import SignIn, build_sign_in

Clock = Callable[[], datetime]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_ISSUER_SECONDS = 5.0
_LEFT_AS_IT_IS = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf", "application/octet-stream")
"""Compressed in itself, or large and asked for once."""
_ALIKE: dict[str, Any] = {
    "docs_url": None,  # the documentation pages would fetch scripts from other hosts
    "redoc_url": None,
    "redirect_slashes": False,  # /api never redirects
    "dependencies": [
        Depends(csrf.guard),
        Depends(storable_form),
        Depends(unambiguous_json),
        Depends(keep_unsent),
        Depends(find_kept),
    ],
    "responses": PROBLEM_RESPONSES,
    # What people send belongs into no log, and an address with its query into no trace: cpt.runtime.observed knows better.
    "telemetry": {"logs": False, "tracing": False, "metrics": False},
}


def _passing(error: BaseException) -> bool:
    return isinstance(error, ConnectionError | TimeoutError)


def create_app(
    service: str,
    *,
    clock: Clock,
    identity: Identity,
    database: Database,
    look: Branding,
    development: bool,
    limits: RequestLimits | None = None,
    routers: Sequence[APIRouter] = (),
    extra_routes: Sequence[Route] = (),
    middleware: Sequence[Middleware] = (),
    refusals: Refusals | None = None,
    is_transient: Callable[[BaseException], bool] = _passing,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Raises ValueError for an identity that must not run.

    `extra_routes` are probes and metrics: no rate limit, no sign-in. `middleware` comes outside of everything here.
    `refusals` turns domain exceptions into problems; a fault that `is_transient` answers 503, any other one 500.
    """
    identity.check(service, development=development)
    http = httpx2.AsyncClient(timeout=_ISSUER_SECONDS)
    sign_in = build_sign_in(service, identity, clock, http, database)
    limits = limits or RequestLimits()
    strict = Middleware(SecurityHeaders, identity.issuer, strict_transport=not development)
    app = FastAPI(
        title=look.title,
        **_ALIKE,
        routes=list(extra_routes),
        middleware=[
            *middleware,
            strict,
            Middleware(GZipMiddleware, exclude_content_types=_LEFT_AS_IT_IS),
            Middleware(Unforeseen, is_transient),
            *_guards(limits, sign_in, extra_routes),
        ],
        lifespan=_lifespan(lifespan, http),
    )
    install_handlers(app, refusals or {})
    _keep_parts(app, sign_in, look, Rate(limits.person_rate), clock)
    for router in (signin.router, my_sessions.router, assets.router, *routers):
        app.include_router(router)
    return app


def _guards(limits: RequestLimits, sign_in: SignIn, unlimited: Sequence[Route]) -> list[Middleware]:
    return [
        Middleware(AddressLimit, Rate(limits.address_rate), {route.path for route in unlimited}),
        Middleware(ReadableAddress),
        Middleware(BodyLimit, limits.body, limits.form, limits.larger_bodies),
        Middleware(SessionMiddleware, sign_in.sessions),
        Middleware(FormAnswers),
    ]


def _keep_parts(app: FastAPI, sign_in: SignIn, look: Branding, person_rate: Rate, clock: Clock) -> None:
    """What dependencies and handlers find in `request.app.state`."""
    found = Assets(SHARED_STATIC, *([look.static] if look.static else []))
    templates = environment([look.templates] if look.templates else [], found)
    templates.globals.update(look.context)
    app.state.assets = found
    app.state.pages = Pages(look.title, templates, look.navigation, clock, look.search, look.sites, look.office)
    app.state.sign_in = sign_in
    app.state.tokens = sign_in.tokens
    app.state.origin = origin_of(sign_in.public_url)
    app.state.person_rate = person_rate


def _lifespan(own: Lifespan | None, http: httpx2.AsyncClient) -> Lifespan:
    @asynccontextmanager
    async def whole(app: FastAPI) -> AsyncIterator[None]:
        await anyio.lowlevel.checkpoint()  # loads what calling out needs now, and not in somebody's turn
        async with http, own(app) if own else nullcontext():
            yield

    return whole
