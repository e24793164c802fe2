"""A small service on the web base, with one page and one call for each promise that is tested."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from uuid import uuid4

import httpx2
from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel, ConfigDict, SecretStr
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from cpt.web.app import create_app
from cpt.web.forms import Line
from cpt.web.idempotency import RequiredIdempotencyKey
from cpt.web.options import Branding, Identity, RequestLimits
from cpt.web.pages import Link
from cpt.web.people import Person, own_or_missing, require
from cpt.web.problems import Problem
from tests.unit.web.issuer_stand_in import StandInIssuer
from tests.unit.web.serving import served

SECRET = "a secret of at least thirty-two characters"
PAGE = {"accept": "text/html"}

Anyone = Annotated[Person, Depends(require())]
Adviser = Annotated[Person, Depends(require("adviser", "director"))]


class NotYours(Exception):
    """A refusal of the domain."""


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid")

    city: Line


class Offer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    employer: Line
    hours: int
    start: date
    places: list[Place] = []


api = APIRouter()
pages = APIRouter(include_in_schema=False)


@api.post("/api/offers", status_code=201)
async def take_offer(offer: Offer, person: Anyone) -> dict[str, Any]:
    return {"employer": offer.employer, "city": [place.city for place in offer.places]}


@api.post("/api/keyed")
async def take_keyed(key: RequiredIdempotencyKey) -> dict[str, str]:
    return {"key": key}


@api.get("/api/me")
async def me(person: Anyone) -> dict[str, Any]:
    return {"sub": person.sub, "roles": sorted(person.roles), "name": person.name}


@api.get("/api/cases")
async def cases(person: Adviser) -> list[str]:
    return []


@api.get("/api/requests/{owner}")
async def one_request(owner: str, person: Anyone) -> dict[str, str]:
    own_or_missing(person, owner, "adviser")
    return {"owner": owner}


@api.put("/api/documents")
async def receive(request: Request) -> dict[str, int]:
    return {"bytes": sum([len(chunk) async for chunk in request.stream()])}


@api.get("/api/broken")
async def broken() -> None:
    raise RuntimeError("emplid 30012345 is in this message")


@api.get("/api/database-away")
async def database_away() -> None:
    raise ConnectionError("the database is away")


@api.get("/api/refused")
async def refused() -> None:
    raise NotYours


@pages.get("/")
async def start(request: Request, person: Anyone) -> Response:
    return request.app.state.pages.render(request, "start.html", note="<b>not bold</b>")


@pages.api_route("/cases", methods=["GET", "POST"])
async def case_page(person: Adviser) -> Response:
    return Response()


@pages.get("/broken")
async def broken_page() -> None:
    raise RuntimeError("emplid 30012345 is in this message")


@pages.post("/rename")
async def rename(person: Anyone, name: Annotated[str, Form()]) -> dict[str, str]:
    return {"name": name}


@pages.post("/choose")
async def choose(person: Anyone, name: Annotated[list[Line] | None, Form()] = None) -> dict[str, Any]:
    return {"names": name}


async def alive(_: Request) -> Response:
    return JSONResponse({"ok": True})


@dataclass
class TestClock:
    """Runs far from the machine's time, as `CPT_CLOCK_OFFSET` allows."""

    __test__ = False
    offset: timedelta = timedelta(days=-200)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class World:
    issuer: StandInIssuer
    database: Database
    url: str
    clock: TestClock
    http: httpx2.AsyncClient = field(repr=False)

    def bearer(self, *roles: str, **more: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.issuer.token(roles=roles or ('student',), **more)}"}

    @asynccontextmanager
    async def browser(self, *, signed_in: bool = True) -> AsyncIterator[httpx2.AsyncClient]:
        async with httpx2.AsyncClient(base_url=self.url, headers=PAGE, follow_redirects=True) as client:
            if signed_in:
                (await client.get("/")).raise_for_status()
            yield client


def sample_app(url: str, issuer: str, clock: TestClock, database: Database, **changes: Any) -> Any:
    development = changes.get("development", True)
    identify = changes.pop("identify", None)
    usual = Identity(issuer, url, "cpt", "s3cret&", session_secrets=[SECRET], insecure_cookies=development)
    templates = Path(__file__).parent / "templates"
    look = Branding("Sample service", templates=templates, navigation=[Link("Cases", "/cases", frozenset({"adviser"}))])
    arguments: dict[str, Any] = {
        "identity": identify(issuer, url) if identify else usual,
        "database": database,
        "look": look,
        "development": development,
        "limits": RequestLimits(body=20_000, larger_bodies={"/api/documents": 3_000_000}),
        "routers": [api, pages],
        "extra_routes": [Route("/livez", alive)],
        "refusals": {NotYours: lambda _: Problem(409, "not_yours", "Another adviser holds this case")},
    }
    return create_app("intake", clock=clock, **{**arguments, **changes})


@asynccontextmanager
async def migrated(postgres: str) -> AsyncIterator[Database]:
    """A new schema with the tables that every service has."""
    schema = f"sample_{uuid4().hex}"
    with TemporaryDirectory() as nothing_of_its_own:
        await migrate(postgres, schema, Path(nothing_of_its_own))
    database = Database(PostgresSettings(dsn=SecretStr(postgres)), schema, "tests")
    await database.open()
    yield database
    async with database.connection() as connection:
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await database.close()


@asynccontextmanager
async def running_world(postgres: str, *, server: dict[str, Any] | None = None, **changes: Any) -> AsyncIterator[World]:
    clock = TestClock()
    issuers: list[StandInIssuer] = []

    def issuer_app(url: str) -> Any:
        issuers.append(StandInIssuer(url, clock))
        return issuers[0].app()

    async with migrated(postgres) as database:

        def app(url: str) -> Any:
            return sample_app(url, issuers[0].url, clock, database, **changes)

        async with served(issuer_app), served(app, **(server or {})) as url, httpx2.AsyncClient(base_url=url) as http:
            yield World(issuers[0], database, url, clock, http)
