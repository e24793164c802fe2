"""Builds the campus and its one web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from infra.campus import accounts, console, demo, exchange, handshake_api, mail_pages, oidc, spire_api
from infra.campus.campus import HeldCampus, build_campus
from infra.campus.pages import HERE
from infra.campus.settings import HOST, Settings


def build_app(settings: Settings) -> FastAPI:
    """The returned application starts and stops the mail catcher and the Kafka producer with itself."""
    app = FastAPI(title="Simulated campus", lifespan=_lifespan)
    app.state.campus = build_campus(settings)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for part in (accounts, demo, spire_api, handshake_api, oidc, exchange, mail_pages, console):
        app.include_router(part.router)
    app.get("/livez")(live)
    app.get("/readyz")(ready)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    campus = app.state.campus
    await campus.mail.start(campus.settings.smtp_port)
    campus.emitter.start()
    try:
        yield
    finally:
        await campus.emitter.stop()
        await campus.mail.stop()


async def live() -> dict[str, str]:
    return {"http": "ok"}


async def ready(campus: HeldCampus) -> JSONResponse:
    """Not ready while Kafka is still awaited; a campus without Kafka is ready to do all the rest."""
    mail = "ok" if campus.mail.listening else "down"
    state = campus.emitter.state
    return JSONResponse({"mail": mail, "kafka": state}, 503 if mail == "down" or state == "connecting" else 200)
