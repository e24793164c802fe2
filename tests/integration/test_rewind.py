"""A stopped consumer is put back on a real broker: the inbox protects what was done, what was lost takes effect."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from cpt.messaging.delivery import Delivery
from cpt.messaging.kafka import Subscription, build_broker
from cpt.messaging.rewind import NotConsumed, StillConsuming, rewind
from cpt.postgres import PostgresSettings
from cpt.runtime.actor import ACTOR
from cpt.runtime.rewind import rewind_command
from cpt.runtime.settings import Settings
from tests.integration.conftest import everything_on, until
from tests.integration.test_worker import Stubborn, effects_are, send
from tests.messages import an_event

LOSE_THE_LAST = """DELETE FROM effect WHERE what = 'c'; DELETE FROM inbox WHERE event_id = '3';
UPDATE progress SET reached = 1, processed = 2"""
COUNTS = "SELECT reached, processed, duplicates, redelivered FROM progress"


@asynccontextmanager
async def working(consumer, database, kafka_settings):
    broker = build_broker(kafka_settings, "tests")
    subscription = Subscription(broker, Delivery(consumer, database), kafka_settings)
    await broker.start()
    try:
        yield subscription
    finally:
        await broker.stop()


async def committed(consumer, database, kafka_settings, *effects):
    """Works until these effects are there."""
    async with working(consumer, database, kafka_settings):
        await until(effects_are(database, *effects))


@pytest.fixture
async def consumer(database, kafka_settings, topic):
    """Stopped, after it has done `a`, `b` and `c` of its topic."""
    consumer = Stubborn(await topic())
    for number, what in enumerate("abc", 1):
        await send(kafka_settings, consumer.topics[0], an_event("key", what), event_id=str(number))
    await committed(consumer, database, kafka_settings, *"abc")
    return consumer


async def rewound(consumer, database, kafka_settings, goal, topics=()):
    return list((await rewind(kafka_settings, database, consumer, topics, goal, "tests")).values())


async def test_what_a_restore_lost_takes_effect_and_the_rest_has_no_second_one(consumer, database, kafka_settings):
    """P31, P35: back to where the restored database stands, exactly."""
    async with database.transaction() as connection:
        await connection.execute(LOSE_THE_LAST)

    assert await rewound(consumer, database, kafka_settings, "stored") == [(3, 2)]

    await send(kafka_settings, consumer.topics[0], an_event("key", "d"), event_id="4")
    await committed(consumer, database, kafka_settings, *"abcd")
    async with database.connection() as connection:
        assert tuple(await connection.fetchrow(COUNTS)) == (3, 4, 0, 0)


async def test_a_whole_topic_read_again_changes_nothing_and_counts_as_duplicates(consumer, database, kafka_settings):
    """P31, P35: the rows of progress go back with the offsets, so that what comes again is a duplicate by its id."""
    assert await rewound(consumer, database, kafka_settings, "beginning", consumer.topics) == [(3, 0)]

    await send(kafka_settings, consumer.topics[0], an_event("key", "d"), event_id="4")
    await committed(consumer, database, kafka_settings, *"abcd")
    async with database.connection() as connection:
        assert tuple(await connection.fetchrow(COUNTS)) == (3, 4, 3, 0)
        audit = await connection.fetch("SELECT actor, action, detail FROM audit")
    assert [tuple(row) for row in audit] == [("tests", "consumer_rewound", {"from": 3, "to": 0})]


async def test_an_instant_is_found_by_the_time_of_the_records(consumer, database, kafka_settings):
    """P35: the first record of that instant or later comes again; an instant to come moves nothing."""
    (name,) = consumer.topics
    await send(kafka_settings, name, an_event("key", "d"), event_id="4")
    await committed(consumer, database, kafka_settings, *"abcd")
    last = (await everything_on(name, kafka_settings.bootstrap_servers, 4))[-1]
    instant = datetime.fromtimestamp(last.timestamp / 1000, UTC)

    assert await rewound(consumer, database, kafka_settings, instant) == [(4, 3)]
    assert await rewound(consumer, database, kafka_settings, instant.replace(year=2999)) == []


async def test_a_group_with_members_is_refused_by_name(consumer, database, kafka_settings):
    """A worker that runs would commit over the new offsets."""
    async with working(consumer, database, kafka_settings):
        await send(kafka_settings, consumer.topics[0], an_event("key", "d"), event_id="4")
        await until(effects_are(database, *"abcd"))

        with pytest.raises(StillConsuming, match=f"the group {consumer.name} has members; stop the worker first"):
            await rewound(consumer, database, kafka_settings, "beginning")


async def test_a_topic_that_is_not_read_here_is_refused_by_name(consumer, database, kafka_settings):
    with pytest.raises(NotConsumed, match=r"does not read campus\.x, only test\."):
        await rewound(consumer, database, kafka_settings, "beginning", ["campus.x"])


async def test_the_command_says_what_will_be_read_again(consumer, database, database_url, kafka_settings, capsys):
    """P39: for whoever restores, at a terminal."""
    ACTOR.set("kim")
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(database_url)), kafka=kafka_settings)
    command = rewind_command(lambda: settings, lambda: (database, consumer))

    assert await command(["--to", "beginning"]) == 0
    assert capsys.readouterr().out.endswith("/0: 3 → 0\n3 records will be read again.\n")
