"""Puts the web process of a service together; everything that differs is an argument."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime

import httpx2
from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

from cpt.web import assets, csrf, signin
from cpt.web.assets import Assets
from cpt.web.bodies import BodyLimit
from cpt.web.desk import open_desk
from cpt.web.handlers import Refusals, Unforeseen, install_handlers
from cpt.web.limits import AddressLimit, Rate
from cpt.web.openapi import PROBLEM_RESPONSES
from cpt.web.options import Identity, Limits, Look
from cpt.web.pages import SHARED_STATIC, Pages, environment
from cpt.web.security import SecurityHeaders, origin_of
from cpt.web.sessions import SessionMiddleware

Clock = Callable[[], datetime]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_ISSUER_SECONDS = 5.0


def _passing(error: BaseException) -> bool:
    return isinstance(error, ConnectionError | TimeoutError)


def create_app(
    service: str,
    *,
    clock: Clock,
    identity: Identity,
    look: Look,
    development: bool,
    limits: Limits | None = None,
    routers: Sequence[APIRouter] = (),
    extra_routes: Sequence[Route] = (),
    middleware: Sequence[Middleware] = (),
    refusals: Refusals | None = None,
    is_passing: Callable[[BaseException], bool] = _passing,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Raises ValueError for an identity that must not run.

    `extra_routes` are probes and metrics: no rate limit, no sign-in. `middleware` comes outside of everything here.
    `refusals` turns domain exceptions into problems; a fault that `is_passing` answers 503, any other one 500.
    """
    identity.check(development=development)
    limits = limits or Limits()
    http = httpx2.AsyncClient(timeout=_ISSUER_SECONDS)
    sign_in = open_desk(service, identity, clock, http)
    inside = [
        Middleware(SecurityHeaders, identity.issuer, strict_transport=not development),
        Middleware(Unforeseen, is_passing),
        Middleware(AddressLimit, Rate(limits.address_rate), {route.path for route in extra_routes}),
        Middleware(BodyLimit, limits.body, limits.larger_bodies),
        Middleware(SessionMiddleware, sign_in.sessions),
    ]
    app = FastAPI(
        title=look.title,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # /api never redirects
        routes=list(extra_routes),
        middleware=[*middleware, *inside],
        dependencies=[Depends(csrf.guard)],
        responses=PROBLEM_RESPONSES,
        telemetry={"logs": False},  # what people send belongs into no log
        lifespan=_lifespan(lifespan, http),
    )
    app.state.sign_in, app.state.tokens = sign_in, sign_in.tokens
    app.state.origin, app.state.person_rate = origin_of(identity.public_url), Rate(limits.person_rate)
    _add_pages(app, look, clock)
    install_handlers(app, refusals or {})
    for router in (signin.router, assets.router, *routers):
        app.include_router(router)
    return app


def _add_pages(app: FastAPI, look: Look, clock: Clock) -> None:
    app.state.assets = Assets(SHARED_STATIC, *([look.static] if look.static else []))
    templates = environment([look.templates] if look.templates else [], app.state.assets)
    app.state.pages = Pages(look.title, templates, look.navigation, clock)


def _lifespan(own: Lifespan | None, http: httpx2.AsyncClient) -> Lifespan:
    @asynccontextmanager
    async def whole(app: FastAPI) -> AsyncIterator[None]:
        async with http, own(app) if own else nullcontext():
            yield

    return whole
