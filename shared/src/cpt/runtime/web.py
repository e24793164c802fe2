"""The web process of a service: its routers and pages on the shared base, with probes and parked messages."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from cpt.messaging import Consumer
from cpt.postgres import Database, is_transient
from cpt.runtime.clock import Clock
from cpt.runtime.connections import served_beside
from cpt.runtime.observed import Observed
from cpt.runtime.probes import probe_routes
from cpt.runtime.sections import LinkSettings
from cpt.runtime.settings import Settings
from cpt.runtime.traces import send_last_traces
from cpt.web.app import create_app
from cpt.web.campus import CAMPUS_BODIES
from cpt.web.claims import ClaimMap
from cpt.web.handlers import Refusals
from cpt.web.operations import Elsewhere, operations_pages
from cpt.web.options import Branding, Identity, RequestLimits
from cpt.web.pages import Link
from cpt.web.parked import parked_router
from cpt.web.strength import Strength


def web_app(
    service: str,
    settings: Settings,
    *,
    clock: Clock,
    database: Database,
    consumer: Consumer,
    look: Branding,
    routers: Sequence[APIRouter],
    refusals: Refusals,
    larger_bodies: Mapping[str, int] | None = None,
    elsewhere: Elsewhere | None = None,
) -> FastAPI:
    """Its tokens are for `service`, unless a setting names another audience; `elsewhere` is what waits in other services, for
    the page of operations. The pool opens with the app and closes with it.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        try:
            async with served_beside(probes, settings.http.host, settings.http.probe_port):
                yield
        finally:
            await database.close()
            await send_last_traces()

    async def postgres() -> None:
        await database.ping()
        await database.end_overlong()

    probes = probe_routes(live={}, ready={"postgres": postgres})
    return create_app(
        service,
        clock=clock,
        identity=identity_of(settings),
        database=database,
        look=replace(look, sites=sites(settings.links), office=settings.office),
        development=settings.environment == "development",
        limits=RequestLimits(larger_bodies={**CAMPUS_BODIES, **(larger_bodies or {})}),
        routers=[*routers, parked_router(database, consumer), operations_pages(database, consumer, elsewhere)],
        extra_routes=() if settings.http.probe_port else probes,
        middleware=[Middleware(Observed, frozenset(probe.path for probe in probes))],
        refusals=refusals,
        is_transient=is_transient,
        lifespan=lifespan,
    )


def sites(links: LinkSettings) -> tuple[Link, ...]:
    """The other places that staff work in, for those who have something to do there."""
    staff = frozenset({"adviser", "director"})
    known = (
        Link("Requests", links.intake, staff | {"operations"}),
        Link("Review", links.review, staff | {"compliance", "operations"}),
        Link("Enrollment watch", links.enrollment_sync, frozenset({"director", "compliance", "operations"})),
        Link("Mails", links.notifier, frozenset({"director", "operations"})),
        Link("Search", links.review and f"{links.review}/search", staff | {"compliance"}),
    )
    return tuple(site for site in known if site.href)


def identity_of(settings: Settings) -> Identity:
    """Of this service at the sign-in, as the installation has it."""
    public_url = settings.public_url or f"http://{settings.http.host}:{settings.http.port}"
    secret, key = settings.oidc.client_secret, settings.session_key
    return Identity(
        issuer=settings.oidc.issuer,
        public_url=public_url,
        client_id=settings.oidc.client_id,
        client_secret=secret.get_secret_value() if secret else None,
        scope=settings.oidc.scope,
        ask_every=timedelta(seconds=settings.oidc.ask_seconds),
        patience=timedelta(seconds=settings.oidc.patience_seconds),
        sessions=settings.oidc.sessions,
        strength=Strength(tuple(settings.oidc.staff_acr.split()), settings.oidc.staff_amr),
        audience=settings.oidc.audience,
        claims=ClaimMap(**settings.oidc.claims.model_dump(), groups=settings.oidc.roles),
        session_secrets=key.get_secret_value().split() if key else [],
        insecure_cookies=settings.environment == "development" and public_url.startswith("http://"),
    )
