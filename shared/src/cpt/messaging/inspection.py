"""A look at the topics themselves from time to time: what they no longer hold, and whether they are still the same."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from cpt.messaging.consumer import Consumer
from cpt.messaging.gaps import gaps_between, note_gaps
from cpt.messaging.outbox import sql
from cpt.messaging.progress import ProgressCounter
from cpt.messaging.topic_ids import topic_ids
from cpt.postgres import Database

log = structlog.get_logger()

SECONDS = 20.0


async def inspect_topics(database: Database, consumer: Consumer, client: AIOKafkaConsumer | None) -> int:
    """Always 0. A partition may lose its records and get no new ones, which would tell of it, for days."""
    if client is None:
        return 0
    places = sorted(client.assignment())
    async with asyncio.timeout(SECONDS):
        starts = await client.beginning_offsets(places) if places else {}
        ids = await topic_ids(client._client, consumer.topics)  # noqa: SLF001 the library's consumer asks nothing else
    await _see(database, consumer, ids)
    await _look_for_gaps(database, consumer, places, starts)
    return 0


async def _see(database: Database, consumer: Consumer, ids: Mapping[str, UUID]) -> None:
    async with database.transaction() as connection:
        for row in await connection.fetch(sql.see_topics, consumer.name, list(ids), list(ids.values())):
            if row["made_again"]:
                log.error("topic_made_again", topic=row["topic"])


async def _look_for_gaps(
    database: Database, consumer: Consumer, places: Sequence[TopicPartition], starts: dict[TopicPartition, int]
) -> None:
    """What is gone counts as passed, so that the next record does not tell of it a second time."""
    first = {(place.topic, place.partition): starts[place] for place in places}
    async with database.transaction() as connection:
        progress = await ProgressCounter.at(connection, consumer.name, first)
        if gaps := gaps_between(progress.reached, first):
            await note_gaps(connection, consumer, gaps)
            for gap in gaps:
                progress.skip((gap.topic, gap.partition), gap.last)
            await progress.save(connection)
