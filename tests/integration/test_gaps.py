"""Records that are gone before they were read, and topics that were deleted and made again: noticed, said, mended."""

import pytest
from aiokafka.admin import NewTopic
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.structs import TopicPartition
from structlog.testing import capture_logs

from cpt.messaging.inspection import inspect_topics
from cpt.messaging.rewind import rewind
from cpt.runtime import metrics
from cpt.runtime.upkeep import measure
from tests.integration.brokers import asked
from tests.integration.conftest import until
from tests.integration.test_rewind import COUNTS, committed, working
from tests.integration.test_worker import Stubborn, effects_are, send
from tests.messages import an_event

GAPS = "SELECT first, last FROM gap"


@pytest.fixture
async def consumer(database, kafka_settings, topic):
    """Stopped, after it has read `a`; whoever it can ask elsewhere is asked by `asked_elsewhere`."""
    consumer = Stubborn(await topic())
    (name,) = consumer.topics
    consumer.asked_elsewhere = 0

    @consumer.when_gone(name)
    async def ask_elsewhere(_connection):
        consumer.asked_elsewhere += 1

    await send(kafka_settings, name, an_event("key", "a"), event_id="1")
    await committed(consumer, database, kafka_settings, "a")
    return consumer


async def cut(kafka, name, before):
    """As retention would."""
    where = {TopicPartition(name, 0): RecordsToDelete(before_offset=before)}
    await asked(kafka, lambda admin: admin.delete_records(where))


async def rows(database, query):
    async with database.connection() as connection:
        return [tuple(row) for row in await connection.fetch(query)]


async def test_a_gap_before_the_next_record_is_noticed_once_and_mended(consumer, database, kafka_settings, kafka):
    """P35: a line, a number, and whoever can be asked again is asked."""
    (name,) = consumer.topics
    for number, what in enumerate("bcd", 2):
        await send(kafka_settings, name, an_event("key", what), event_id=str(number))
    await cut(kafka, name, 3)

    with capture_logs() as logs:
        await committed(consumer, database, kafka_settings, *"ad")

    assert await rows(database, GAPS) == [(1, 2)]
    assert consumer.asked_elsewhere == 1
    (told,) = [one for one in logs if one["event"] == "records_gone"]
    assert (told["first"], told["last"], told["records"]) == (1, 2, 2)


async def test_a_gap_that_no_record_follows_is_noticed_too(consumer, database, kafka_settings, kafka):
    """The last drop of a term may be the one that is gone."""
    (name,) = consumer.topics
    await send(kafka_settings, name, an_event("key", "b"), event_id="2")
    await cut(kafka, name, 2)

    async with working(consumer, database, kafka_settings) as subscription:
        for _ in range(2):
            await inspect_topics(database, consumer, subscription.membership.consumer)
        await measure(database, subscription)

    assert await rows(database, GAPS) == [(1, 1)]
    assert consumer.asked_elsewhere == 1
    assert metrics.RECORDS_GONE._values == {(name,): 1}


async def test_nothing_is_a_gap_where_reading_begins_or_was_rewound(consumer, database, kafka_settings):
    (name,) = consumer.topics
    await rewind(kafka_settings, database, consumer, [], "beginning", "tests")
    await send(kafka_settings, name, an_event("key", "b"), event_id="2")
    await committed(consumer, database, kafka_settings, *"ab")

    assert await rows(database, GAPS) == []


async def test_a_topic_made_again_is_known_by_its_id_and_recovered_by_rewinding(
    consumer, database, kafka_settings, kafka
):
    """P35: its new records are neither "ignored" nor "redelivered" once it was accepted; they all take effect once."""
    (name,) = consumer.topics
    await send(kafka_settings, name, an_event("key", "b"), event_id="2")
    async with working(consumer, database, kafka_settings) as subscription:
        await until(effects_are(database, *"ab"))
        await inspect_topics(database, consumer, subscription.membership.consumer)
    await asked(kafka, lambda admin: admin.delete_topics([name]))

    async def there_again():
        return await made(kafka, name)

    await until(there_again)
    await send(kafka_settings, name, an_event("key", "c"), event_id="3")
    with capture_logs() as logs:
        async with working(consumer, database, kafka_settings) as subscription:
            await until(effects_are(database, *"abc"))
            await inspect_topics(database, consumer, subscription.membership.consumer)
            await measure(database, subscription)
    assert [one["topic"] for one in logs if one["event"] == "topic_made_again"] == [name]
    assert metrics.TOPICS_MADE_AGAIN._values == {(): 1}

    moved = await rewind(kafka_settings, database, consumer, [name], "beginning", "tests")
    assert moved == {(name, 0): (1, 0)}
    await send(kafka_settings, name, an_event("key", "d"), event_id="4")
    await committed(consumer, database, kafka_settings, *"abcd")

    ((reached, _, duplicates, _),) = await rows(database, COUNTS)
    assert (reached, duplicates) == (1, 1)
    assert await rows(database, "SELECT made_again FROM topic_seen") == [(None,)]


async def made(kafka, name):
    answer = await asked(kafka, lambda admin: admin.create_topics([NewTopic(name, 1, 1)], timeout_ms=10_000))
    return not answer.topic_errors[0][1]
