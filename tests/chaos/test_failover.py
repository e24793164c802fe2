"""PostgreSQL fails over: two real servers, a promotion, and an old primary that lives on without taking writes."""

import asyncio

import asyncpg
import httpx2
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer
from cpt.messaging.delivery import Delivery
from cpt.messaging.parking import list_parked
from cpt.postgres import Database, PostgresSettings, is_transient
from cpt.postgres.hosts import split_hosts
from cpt.postgres.migrations import migrate
from cpt.web.handlers import Unforeseen
from infra.devstack.patience import stretched
from tests.chaos.failing_over import pair
from tests.integration.conftest import until
from tests.messages import a_record, an_event

TEN_SECONDS = 10.0
UNREADY = (asyncpg.ReadOnlySQLTransactionError, asyncpg.TargetServerAttributeNotMatched)
PASSING = """25006 25P01 25P02 25P03 25P04 57P01 57P02 57P03 57P04 08000 08003 08006 53100 53200 53300 40001 40P01
26000 42P05"""


@pytest.fixture
async def servers(tmp_path):
    async with pair(tmp_path) as servers:
        await migrate(servers.primary, "demo", tmp_path / "none")
        yield servers


@pytest.fixture
async def database(servers):
    opened = Database(PostgresSettings(dsn=SecretStr(servers.address)), "demo", "tests")
    async with opened:
        async with opened.transaction() as connection:
            await connection.execute("CREATE TABLE effect (what text)")
        yield opened


def a_web_process(database):
    async def submit(request):
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO effect VALUES ($1)", request.query_params["what"])
        return JSONResponse("kept", 201)

    app = Starlette(routes=[Route("/", submit, methods=["POST"])])
    app.add_middleware(Unforeseen, is_transient=is_transient)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://cpt")


async def test_a_failover_is_answered_503_once_and_then_the_new_primary_is_asked(servers, database):
    """P37: no 500; whoever meets the old primary leaves it at once, with every connection."""
    async with a_web_process(database) as people:
        assert (await people.post("/", params={"what": "before"})).status_code == 201
        await servers.fail_over()
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await database.ping()
        answers = [await people.post("/", params={"what": f"after {n}"}) for n in range(5)]

    assert [answer.status_code for answer in answers] == [201] * 5
    await database.ping()

    async def left():
        return await _sessions(servers.primary) == 0

    await until(left)


async def test_while_nobody_writes_everything_is_asked_to_come_back(servers, database):
    """Every write 503 with Retry-After, readiness false; as soon as one is promoted all is well."""
    async with a_web_process(database) as people:
        await people.post("/", params={"what": "before"})
        await servers.demote()
        refused = [await people.post("/", params={"what": "x"}) for _ in range(3)]
        assert {(one.status_code, one.headers.get("retry-after")) for one in refused} == {(503, "5")}
        with pytest.raises(UNREADY):
            await database.ping()

        async def taken_again():
            return (await people.post("/", params={"what": "after"})).status_code == 201

        await servers.fail_over()
        await until(taken_again, TEN_SECONDS)


async def test_a_good_message_that_meets_a_failover_is_not_parked(servers, database):
    """P33, P34: a drop must not wait for a person because a server changed its part."""
    consumer = Consumer("demo")

    @consumer.on(AgreementLost)
    async def on_agreement_lost(connection, envelope):
        await connection.execute("INSERT INTO effect VALUES ($1)", envelope.event.why)

    delivery = Delivery(consumer, database)
    await delivery([a_record(an_event("a", "before"), offset=0)])
    await servers.fail_over()
    async with asyncio.timeout(stretched(TEN_SECONDS)):
        await delivery([a_record(an_event("b", "during"), offset=1)])

    assert await list_parked(database, "demo") == []
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM effect") == 2


async def test_no_connection_grows_older_than_its_greatest_age(database_url):
    """So that a name which was moved to another server is asked anew, whatever this process notices."""
    settings = PostgresSettings(dsn=SecretStr(database_url), connection_age=0)
    async with Database(settings, "public", "tests") as database:
        seen = []
        for _ in range(2):
            async with database.connection() as connection:
                seen.append(await connection.fetchval("SELECT pg_backend_pid()"))
    assert seen[0] != seen[1]


async def test_a_server_that_is_silent_does_not_hide_the_next(database_url):
    """The driver would spend the time of all of them on the first."""
    silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    here = f"127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    address = database_url.replace("@", f"@{here},")
    settings = PostgresSettings(dsn=SecretStr(address), host_timeout=3, acquire_timeout=120)
    async with Database(settings, "public", "tests") as database, silent:
        await database.ping()


@pytest.mark.parametrize("state", PASSING.split())
def test_what_a_failover_answers_passes_by_itself(state):
    """And what a pooler in between answers that lends connections by the transaction."""
    assert is_transient(asyncpg.PostgresError.new({"C": state, "M": "", "S": "ERROR"}))


def test_an_address_without_a_list_stays_as_it_is():
    assert split_hosts("postgresql:///cpt?host=/run") == ["postgresql:///cpt?host=/run"]


async def _sessions(dsn):
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tests'")
    finally:
        await connection.close()
