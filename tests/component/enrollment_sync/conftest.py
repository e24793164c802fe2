"""Enrollment-sync on its real migrated schema, beside a campus whose SPIRE answers over real HTTP."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count

import asyncpg
import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.enrollment import EnrollmentChecked, RequirementLost, RequirementRegained
from cpt.contracts.envelope import decode, headers_of
from cpt.messaging.reading import read
from cpt.postgres import Database, PostgresSettings
from cpt.runtime.settings import OidcSettings
from enrollment_sync.app import build_web
from enrollment_sync.checks.check_enrollment import CheckEnrollment
from enrollment_sync.checks.claim_checks import claim_checks
from enrollment_sync.consumer import build_consumer
from enrollment_sync.settings import EnrollmentSettings
from enrollment_sync.snapshots.reconcile_snapshot import ReconcileSnapshot, ask_for_run
from enrollment_sync.spire import Spire
from infra.campus.campus import build_campus
from infra.campus.server import running_app, running_campus
from infra.campus.settings import Settings
from tests.component.enrollment_sync.told import START, issued, submitted

SETTLING = timedelta(minutes=15)
PROFILE = {
    "name": "Ana Lima",
    "email": "ana@umass.example",
    "acad_career": "GRAD",
    "program": "MS Computer Science",
    "level": "masters",
    "program_end_date": "2027-05-31",
    "english_language_program": False,
    "prior_fulltime_terms": 2,
    "fulltime_cpt_days": 0,
}
_ids = count(1)


class Sync:
    """What a test says and sees; `now` is the time of the next thing that happens."""

    def __init__(self, database, administrator, demo, spire):
        self.database, self.demo, self.spire, self.now = database, demo, spire, START
        self._administrator = administrator
        self.consumer = build_consumer(lambda: self.now)
        self.checks = CheckEnrollment(database, spire, lambda: self.now, SETTLING)
        self.snapshots = ReconcileSnapshot(database, spire, lambda: self.now, timedelta(hours=1), 0.8)

    async def shows(self, *rows, emplid="30012345"):
        """SPIRE's rows of the student, replaced silently: what a missed event looks like."""
        await self.demo.put(f"/students/{emplid}", json=PROFILE)
        answer = await self.demo.put(f"/students/{emplid}/enrollments", json=list(rows))
        return answer.json()["source_seq"]

    async def faulty(self, mode):
        if mode == "down":
            self.spire._budget = 0.3  # nobody waits for what will not come
        elif mode == "ok":
            self.spire._budget = 5
        await self.demo.put("/faults", json={"spire": {"mode": mode}})

    async def hear(self, *events, ids=None):
        """Delivers the events in one batch, in this order; returns their ids."""
        ids = ids or [f"event-{next(_ids)}" for _ in events]
        async with self.database.transaction() as connection:
            judges = await self.consumer.validators(connection)
            envelopes = [self.told(event, event_id, judges) for event, event_id in zip(events, ids, strict=True)]
            await self.consumer.handle(connection, envelopes)
        return ids

    def told(self, event, event_id, judges):
        """Judged as a record would be."""
        headers = headers_of(event, event_id=event_id, time=self.now, sequence=1, extra={})
        return read(self.consumer, event.TOPIC, headers, event.model_dump_json().encode(), judges)

    async def check(self):
        """Does what is due now, until nothing is."""
        while await self.checks.step():
            pass

    async def after(self, **time):
        self.now += timedelta(**time)
        await self.check()

    async def issue(self, *request_ids, **fields):
        """Requests whose I-20s exist, checked before and after; what led there is taken from the outbox."""
        for request_id in request_ids or ("r1",):
            await self.hear(submitted(request_id, **fields))
            await self.check()
            await self.hear(issued(request_id, **fields))
            await self.check()
        await self.empty()

    async def reconcile(self, strm="1267"):
        """One run, and the checks it makes due; returns the run."""
        async with self.database.transaction() as connection:
            run_id = await ask_for_run(connection, strm, "tests", self.now)
        while await self.snapshots.step():
            pass
        (run,) = await self.rows("SELECT * FROM reconciliation_run WHERE run_id = $1", run_id)
        await self.check()
        return run

    async def claim(self):
        (claim,) = await claim_checks(self.database, self.now, 1)
        return claim

    async def finish(self, claim, strms=("1267",)):
        """The read of a claim, from SPIRE as it is now, recorded."""
        read = await self.spire.read(claim.emplid, strms, self.now, claim.codes)
        await self.record(claim, read)

    async def record(self, claim, read):
        await self.checks._record(claim, read)

    async def rows(self, query, *values):
        return [dict(row) for row in await self._administrator.fetch(query, *values)]

    async def empty(self):
        async with self.database.transaction() as connection:
            await connection.execute("DELETE FROM outbox")

    async def published(self, *kinds):
        """The events in the outbox, oldest first."""
        rows = await self.rows("SELECT headers, payload FROM outbox ORDER BY seq")
        events = [decode(row["headers"], row["payload"]).event for row in rows]
        return [event for event in events if not kinds or isinstance(event, kinds)]

    async def answers(self, request_id="r1"):
        return [event for event in await self.published(EnrollmentChecked) if event.request_id == request_id]

    async def losses(self):
        return await self.published(RequirementLost)

    async def regains(self):
        return await self.published(RequirementRegained)

    async def alarms(self):
        return {row["code"] for row in await self.rows("SELECT code FROM alarm WHERE cleared_at IS NULL")}


@pytest.fixture(scope="session")
def campus_folder(tmp_path_factory):
    """Keeps the signing key, whose making takes long."""
    return tmp_path_factory.mktemp("campus")


@pytest.fixture(scope="session")
async def campus_app(campus_folder):
    """One server for all tests of a session."""
    settings = Settings(port=0, smtp_port=0, kafka="", state_dir=campus_folder, spire_token="secret", slow_seconds=0.3)
    async with running_app(settings) as app:
        yield app


@pytest.fixture
def campus(campus_app):
    """A campus to which nothing has happened yet."""
    before = campus_app.state.campus
    campus_app.state.campus = replace(build_campus(before.settings), mail=before.mail, emitter=before.emitter)
    return before.settings


@pytest.fixture(scope="session")
async def issuer(campus_folder):
    """Another campus, which signs the tokens of all tests and knows no student."""
    settings = Settings(port=0, smtp_port=0, kafka="", state_dir=campus_folder)
    async with running_campus(settings) as running:
        yield running


@pytest.fixture
async def demo(campus):
    async with httpx2.AsyncClient(base_url=f"{campus.url}/demo") as client:
        yield client


@pytest.fixture
async def roles(cloned):
    """What each process signs in with."""
    return await cloned("enrollment_sync")


@pytest.fixture
def database_url(roles):
    return roles["admin"]


@pytest.fixture
async def database(roles):
    """As the worker."""
    database = Database(PostgresSettings(dsn=SecretStr(roles["worker"])), "enrollment_sync", "tests")
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def administrator(database, database_url):
    """Reads what no process may."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "enrollment_sync"})
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    yield connection
    await connection.close()


@pytest.fixture
async def sync(database, administrator, demo, campus):
    spire = Spire(campus.url, "secret", timeout=5, budget=5)
    sync = Sync(database, administrator, demo, spire)
    yield sync
    await spire.close()


@pytest.fixture
def web_settings(roles, issuer):
    return EnrollmentSettings(
        postgres=PostgresSettings(dsn=SecretStr(roles["web"])),
        oidc=OidcSettings(issuer=issuer.issuer),
        public_url="http://enrollment.test",
    )


@pytest.fixture
async def app(sync, web_settings, applications):
    async with applications.lent(build_web, web_settings) as app:
        yield app


@pytest.fixture
async def web(app):
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://enrollment.test") as client:
        yield client


@pytest.fixture
async def as_role(issuer):
    async with httpx2.AsyncClient(base_url=issuer.url) as client:

        async def headers(role, sub=None):
            answer = await client.post("/demo/token", json={"sub": sub or f"a {role}", "roles": [role]})
            return {"Authorization": f"Bearer {answer.json()['access_token']}"}

        yield headers
