"""A network that loses what one process and one server say to each other, in one direction or in both."""

import asyncio
from contextlib import ExitStack, asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from cpt.messaging.kafka import build_producer
from cpt.messaging.outbox import sql
from cpt.messaging.relay import Relay
from cpt.postgres import Database, PostgresSettings
from infra.chaos.way import BOTH, a_way
from tests.integration.conftest import everything_on, until
from tests.integration.test_relay import empty, publish
from tests.integration.test_rewind import working
from tests.integration.test_worker import Stubborn, effects_are, send
from tests.messages import an_event


@pytest.fixture
async def way(broker):
    """Of whoever asks the broker at `far`."""
    async with a_way("127.0.0.1", broker.far, broker.way) as way:
        yield way


@pytest.fixture
def far(broker):
    return broker.settings.model_copy(update={"bootstrap_servers": f"127.0.0.1:{broker.way}"})


@pytest.fixture
async def consumer(broker):
    consumer = Stubborn(f"test.{asyncio.get_running_loop().time()}")
    await broker.make_topic(consumer.topics[0], partitions=2)
    return consumer


@asynccontextmanager
async def database_over(way, url, **settings):
    parts = urlsplit(url)
    here = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{way.port}"
    postgres = PostgresSettings(dsn=SecretStr(urlunsplit(parts._replace(netloc=here))), **settings)
    async with Database(postgres, "demo", "tests") as database:
        yield database


async def test_what_a_cut_off_member_read_goes_to_another_and_nothing_twice(broker, far, way, consumer, database):
    """P31, P37: the group gives its partitions away; back again it is a member, and both have done each record once."""
    (name,) = consumer.topics
    sent = [str(number) for number in range(8)]
    async with working(consumer, database, far) as cut_off, working(consumer, database, broker.settings) as other:

        async def shared():
            return len(cut_off.lag()) == len(other.lag()) == 1

        await until(shared, 60)
        with way.lost(*BOTH):
            for number in sent:
                await send(broker.settings, name, an_event(f"key {number}", number), event_id=number)

            async def done_by_the_other():
                async with database.connection() as connection:
                    return {row["what"] for row in await connection.fetch("SELECT what FROM effect")} == {*sent}

            await until(done_by_the_other, 60)

            async def noticed():
                return cut_off.trouble() is not None

            await until(noticed, 60)
        await until(shared, 60)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM effect") == len(sent)


async def test_what_the_broker_kept_and_nobody_heard_of_is_sent_again_in_order(broker, far, way, consumer, database):
    """P32: the acknowledgments are lost; no row leaves the outbox, and all arrive."""
    (name,) = consumer.topics
    relay = Relay(database, lambda: build_producer(far, "tests"))
    await publish(database, name, an_event("a", "1"))
    await relay.step()
    await publish(database, name, *(an_event("a", str(number)) for number in (2, 3)))
    with way.lost("back"):
        with pytest.raises(Exception):  # noqa: B017, PT011 whichever way it notices
            await relay.step()
        assert not await empty(database)

    async def drained():
        try:
            await relay.step()
        except Exception:  # noqa: BLE001 the first rounds meet what is left of it
            return False
        return await empty(database)

    await until(drained, 60)
    await relay.close()
    seen = [record.value.split(b'"why":"')[1][:1] for record in await everything_on(name, broker.address, 3)]
    assert list(dict.fromkeys(seen)) == [b"1", b"2", b"3"]


async def test_a_commit_whose_answer_is_lost_has_one_effect(broker, consumer, database, database_url):
    """P31, P37: PostgreSQL has committed, the process does not know it; nothing is parked, all is done once."""
    (name,) = consumer.topics
    parts, cut = urlsplit(database_url), ExitStack()
    async with (
        a_way(parts.hostname, parts.port) as way,
        database_over(way, database_url, command_timeout=2, acquire_timeout=2, host_timeout=1) as cut_off,
    ):

        @consumer.around
        @asynccontextmanager
        async def lose_the_answer(connection, envelopes):
            def cut_after_the_last_statement(logged):
                if logged.query == sql.record_progress:
                    connection.remove_query_logger(cut_after_the_last_statement)
                    cut.enter_context(way.lost("back"))

            if envelopes[0].id == "1":
                connection.add_query_logger(cut_after_the_last_statement)
            yield

        async def given_up():
            return "batch_taken_apart" in [line["event"] for line in logs]

        with capture_logs() as logs:
            async with working(consumer, cut_off, broker.settings):
                await send(broker.settings, name, an_event("a", "once"), event_id="1")
                await until(effects_are(database, "once"))
                await until(given_up)
                cut.close()
                await send(broker.settings, name, an_event("a", "after"), event_id="2")
                await until(effects_are(database, "once", "after"), 60)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM parked") == 0


async def test_while_postgresql_hears_nothing_nothing_is_lost(broker, consumer, database, database_url):
    """P34: a statement that does not arrive ends by its limit, and the records come again."""
    (name,) = consumer.topics
    parts = urlsplit(database_url)
    async with (
        a_way(parts.hostname, parts.port) as way,
        database_over(way, database_url, command_timeout=2, acquire_timeout=2, host_timeout=1) as cut_off,
        working(consumer, cut_off, broker.settings),
    ):
        await send(broker.settings, name, an_event("a", "0"), event_id="0")
        await until(effects_are(database, "0"))
        with way.lost("there"):
            await send(broker.settings, name, an_event("a", "1"), event_id="1")
            with pytest.raises(TimeoutError):
                await cut_off.ping()
        await until(effects_are(database, *"01"), 60)
