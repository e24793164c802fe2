"""Notifier on its real migrated schema, with a mail server that does what a test says."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.envelope import decode
from cpt.contracts.values import Recipient
from cpt.postgres import Database, PostgresSettings
from notifier.app import build_web
from notifier.consumer import build_consumer
from notifier.notice_context import build_notice_context
from notifier.settings import NoticeSettings, NotifierSettings, SmtpSettings
from notifier.worker import build_sending
from tests.component.notifier.mail_server import MailServer
from tests.unit.notifier.events import COMPLIANCE, NOW, enveloped
from tests.unit.web.issuer_stand_in import StandInIssuer
from tests.unit.web.serving import served


class Notifier:
    """What a test says and sees; `now` is the time of the next thing that happens."""

    def __init__(self, settings: NotifierSettings, database: Database) -> None:
        self.settings, self.database, self.now = settings, database, NOW
        self.consumer = build_consumer(build_notice_context(settings), self.clock)
        self._ids = count(1)

    def clock(self) -> datetime:
        return self.now

    def with_smtp(self, **changes):
        """Other settings of the mail server; the lease follows the time limit (P37)."""
        smtp = self.settings.smtp.model_copy(update=changes)
        notices = self.settings.notifier.model_copy(update={"lease_seconds": 2 * smtp.time_limit})
        self.settings = self.settings.model_copy(update={"smtp": smtp, "notifier": notices})

    async def hear(self, *events, event_id=None):
        """Delivers the events in one batch, as if the inbox had forgotten them."""
        envelopes = [enveloped(event, event_id or f"event-{next(self._ids)}") for event in events]
        async with self.database.transaction() as connection:
            await self.consumer.handle(connection, envelopes)

    async def send(self) -> int:
        return await self.sending().step()

    def sending(self):
        return build_sending(self.settings, self.database, self.clock)

    def pass_time(self, **duration):
        self.now += timedelta(**duration)

    async def notices(self):
        """All of them, oldest first."""
        async with self.database.connection() as connection:
            return [dict(row) for row in await connection.fetch("SELECT * FROM notice ORDER BY seq")]

    async def states(self):
        return [notice["state"] for notice in await self.notices()]

    async def somebody_waits_for_a_row(self):
        async with self.database.connection() as connection:
            return await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )

    async def published(self):
        async with self.database.connection() as connection:
            rows = await connection.fetch("SELECT headers, payload FROM outbox ORDER BY seq")
        return [decode(row["headers"], row["payload"]).event for row in rows]


@pytest.fixture
async def mail_server():
    server = MailServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def roles(cloned):
    """What each process signs in with."""
    return await cloned("notifier")


@pytest.fixture
def database_url(roles):
    return roles["admin"]


@pytest.fixture
async def notifier(roles, mail_server):
    """As the worker."""
    postgres = PostgresSettings(dsn=SecretStr(roles["worker"]))
    settings = NotifierSettings(
        postgres=postgres,
        smtp=SmtpSettings(host="127.0.0.1", port=mail_server.port, time_limit=5),
        notifier=NoticeSettings(compliance_address=COMPLIANCE, escalation_addresses={"director": "kim@ipo.example"}),
    )
    database = Database(postgres, "notifier", "tests")
    await database.open()
    yield Notifier(settings, database)
    await database.close()


@pytest.fixture
def nobody():
    return Recipient(name="Mei Li", email=None)


@pytest.fixture(scope="session")
async def issuer():
    made = []

    def app(url):
        made.append(StandInIssuer(url, lambda: datetime.now(UTC)))
        return made[0].app()

    async with served(app):
        yield made[0]


@pytest.fixture
async def app(notifier: Notifier, roles, issuer, applications):
    oidc = notifier.settings.oidc.model_copy(update={"issuer": issuer.url})
    postgres = notifier.settings.postgres.model_copy(update={"dsn": SecretStr(roles["web"])})
    smtp = SmtpSettings(host="127.0.0.1")  # only the worker sends
    own = {"oidc": oidc, "public_url": "http://notifier.test", "postgres": postgres, "smtp": smtp}
    async with applications.lent(build_web, notifier.settings.model_copy(update=own)) as app:
        yield app


@pytest.fixture
async def web(app, issuer):
    """`await web("adviser", path)` asks with a token of that role, or without one, and posts a `body`."""
    async with served(lambda _: app, lifespan="off") as url, httpx2.AsyncClient(base_url=url) as client:

        @cache
        def token(role, sub):
            return {"Authorization": f"Bearer {issuer.token(sub, [role])}"} if role else {}

        async def ask(role, path, *, body=None, method=None, content=None, sub="someone", **headers):
            method = method or ("GET" if body is None else "POST")
            return await client.request(method, path, headers=token(role, sub) | headers, json=body, content=content)

        ask.app = app
        yield ask
