"""Intake on its real migrated schema, driven by acts of students and by events."""

import json
import shutil
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.campus import AgreementChanged
from cpt.contracts.envelope import decode
from cpt.contracts.intake import RequestStatusChanged
from cpt.postgres import Database, PostgresSettings
from cpt.runtime.settings import OidcSettings
from cpt.web.person import Person
from infra.campus.server import running_campus
from infra.campus.settings import Settings as CampusSettings
from infra.letters import Wording, offer_letter
from intake.app import build_web
from intake.consumer import build_consumer
from intake.documents.accept_upload import Uploads
from intake.documents.document_store import DocumentStore
from intake.documents.read_document import DocumentReaders
from intake.documents.scanner import NoScanner
from intake.forms import ApplicationBody
from intake.line.unit_of_work import unit_of_work
from intake.settings import DocumentSettings, IntakeSettings, QuotaSettings
from intake.spire import SpireDirectory
from intake.store import find_request
from intake.student.correct_request import correct_request
from intake.student.quotas import Quotas
from intake.student.receive_document import Upload, receive_document
from intake.student.show_request import show_request
from intake.student.submit_request import submit_request
from tests.factories import enveloped
from tests.letters.factory import form
from tests.unit.documents.children import PATIENT

NOW = datetime(2026, 8, 24, 14, tzinfo=UTC)
STUDENT = "30012345"


def an_application(**changed):
    """What a student sends who forgets nothing."""
    consulted = {"name": "Prof. Ann Bell", "office": "CICS", "on": "2026-08-03"}
    return form(**({"adviser_consulted": consulted, "already_started": False} | changed))


@cache
def _letter(body):
    return offer_letter(json.loads(body), wording=Wording(student="Ana Lima"))


def a_letter(**changed):
    return _letter(json.dumps(an_application(**changed)))


def an_agreement(emplid=STUDENT, *, version=1, status="approved", **fields):
    given = dict(
        agreement_id=f"HS-{emplid}",
        kind="internship",
        employer="BAYSTATE ROBOTICS, Inc",
        start_date=date(2026, 9, 14),
        end_date=date(2026, 12, 11),
    )
    return AgreementChanged(emplid=emplid, version=version, status=status, **(given | fields))


def a_person(sub=STUDENT, *roles):
    return Person(sub, frozenset(roles or {"student"}), name="Ana Lima", email="ana@umass.example")


async def chunks(content):
    yield content


MANY = Quotas(open_requests=1_000, uploads=1_000)
"""One student stands for all of them in most tests."""


class Intake:
    """What a test says and sees; `now` is the time of the next thing that happens."""

    def __init__(self, database, uploads):
        self.database, self.uploads, self.now = database, uploads, NOW
        self.consumer = build_consumer(lambda: self.now)
        self._ids = count(1)

    async def hear(self, *events):
        """Delivers the events in one batch, in this order."""
        envelopes = [enveloped(event, f"event-{next(self._ids)}") for event in events]
        async with self.database.transaction() as connection:
            await self.consumer.handle(connection, envelopes)

    async def submit(self, sub=STUDENT, **changed):
        body = ApplicationBody.model_validate(an_application(**changed))
        key = f"key-{next(self._ids)}"
        answer = await submit_request(self.database, SpireDirectory("", ""), a_person(sub), key, body, self.now, MANY)
        return answer["request_id"]

    async def upload(self, request_id, kind="offer_letter", content=None, *, strm=None, sub=STUDENT):
        upload = Upload(kind, strm, f"{kind}.pdf", chunks(a_letter() if content is None else content))
        await receive_document(self.database, self.uploads, request_id, a_person(sub), upload, self.now, MANY)

    async def correct(self, request_id, sub=STUDENT, **changes):
        await correct_request(self.database, request_id, a_person(sub), changes, self.now, confirmed=True)

    async def act(self, use_case, request_id, *arguments, sub=STUDENT):
        """One of the acts that need nothing but a transaction."""
        async with unit_of_work(self.database, self.now) as work:
            await use_case(work, request_id, a_person(sub), *arguments)

    async def with_papers(self, sub=STUDENT, **changed):
        """A request that lacks only the agreement."""
        request_id = await self.submit(sub, **changed)
        await self.upload(request_id, "offer_letter", a_letter(**changed), sub=sub)
        await self.upload(request_id, "handshake_contract", sub=sub)
        await self.upload(request_id, "enrollment_proof", strm="1267", sub=sub)
        return request_id

    async def complete(self, sub=STUDENT, **changed):
        request_id = await self.with_papers(sub, **changed)
        await self.hear(an_agreement(sub))
        return request_id

    async def request(self, request_id):
        async with self.database.connection() as connection:
            return await find_request(connection, request_id)

    async def state(self, request_id):
        return (await self.request(request_id)).state

    async def missing(self, request_id):
        return {item.code for item in (await self.request(request_id)).missing}

    async def view(self, request_id):
        async with self.database.connection() as connection:
            return await show_request(connection, await find_request(connection, request_id), self.now)

    async def published(self, kind=None):
        """The events in the outbox, oldest first."""
        async with self.database.connection() as connection:
            rows = await connection.fetch("SELECT headers, payload FROM outbox ORDER BY seq")
        happened = [decode(row["headers"], row["payload"]).event for row in rows]
        return [event for event in happened if kind is None or isinstance(event, kind)]

    async def names(self):
        """What the other services act on; how a request stands in between is told beside it."""
        return [type(e).__name__ for e in await self.published() if not isinstance(e, RequestStatusChanged)]


class ReadersThatRemember(DocumentReaders):
    """Most tests upload the same few letters: each is read and drawn once, by the very child that reads what students send."""

    def __init__(self):
        super().__init__(seconds=PATIENT)
        self._answers = {}

    async def _in_time(self, content, media_type):
        if (content, media_type) not in self._answers:
            self._answers[content, media_type] = await super()._in_time(content, media_type)
        return self._answers[content, media_type]


@pytest.fixture(scope="session")
async def readers():
    async with ReadersThatRemember() as readers:
        yield readers


@pytest.fixture
async def roles(cloned):
    """What each process signs in with; a test itself looks as the administrator."""
    return await cloned("intake")


@pytest.fixture
def database_url(roles):
    return roles["admin"]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("objects")


@pytest.fixture
def objects(shelf, tmp_path):
    """The document store, which a test finds empty."""
    shutil.rmtree(shelf)
    shelf.mkdir()
    (tmp_path / "objects").symlink_to(shelf)
    return shelf


@pytest.fixture
async def intake(roles, database_url, readers, objects):
    database = Database(PostgresSettings(dsn=SecretStr(database_url), pool_size=25), "intake", "tests")
    await database.open()
    yield Intake(database, Uploads(DocumentStore.at(objects.as_uri()), readers, NoScanner()))
    await database.close()


@pytest.fixture(scope="session")
async def campus(tmp_path_factory):
    """The simulated campus signs the tokens and answers for SPIRE; it is outside of the product."""
    then = (NOW - datetime.now(UTC) - timedelta(hours=1)).total_seconds()  # its clock runs on, the test's stands
    folder = tmp_path_factory.mktemp("campus")
    settings = CampusSettings(port=0, smtp_port=0, kafka="", state_dir=folder, clock_offset=then)
    async with running_campus(settings, await_kafka=False) as running:
        yield running


@pytest.fixture
def web_settings(roles, campus, objects):
    return IntakeSettings(
        postgres=PostgresSettings(dsn=SecretStr(roles["web"]), pool_size=25),
        oidc=OidcSettings(issuer=campus.issuer),
        public_url="http://intake.example",
        documents=DocumentSettings(url=objects.as_uri(), max_bytes=200_000),
        spire={"url": campus.url, "token": campus.spire_token},
        quotas=QuotaSettings(open_requests=MANY.open_requests, uploads=MANY.uploads),
    )


@pytest.fixture
async def web(intake, web_settings, campus, applications):
    """`web(role)` is a client with a token of that role."""
    lent = applications.lent(build_web, web_settings, lambda: intake.now)
    async with lent as app, httpx2.AsyncClient(base_url=campus.url) as issuer:

        @asynccontextmanager
        async def client(role=None, sub=STUDENT):
            headers = {}
            if role:
                token = await issuer.post("/demo/token", json={"sub": sub, "roles": [role]})
                headers["Authorization"] = f"Bearer {token.json()['access_token']}"
            transport = httpx2.ASGITransport(app)
            async with httpx2.AsyncClient(
                transport=transport, base_url="http://intake.example", headers=headers, timeout=30
            ) as http:
                yield http

        client.app = app
        yield client


def later(**delta):
    return NOW + timedelta(**delta)
