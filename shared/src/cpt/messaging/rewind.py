"""Has a stopped consumer read its topics again: after a restore of its database, or after a bug was mended.

The inbox keeps what was done from having a second effect; what the database no longer knows takes effect again.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IllegalGenerationError, KafkaError, UnknownMemberIdError
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_fixed

from cpt.messaging.access import access
from cpt.messaging.consumer import Consumer
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.outbox import sql
from cpt.postgres import Connection, Database

Goal = Literal["stored", "beginning"] | datetime
"""`stored`: to what this database had done, which after a restore is exactly what it lacks; or an instant of Kafka."""
Offsets = dict[TopicPartition, int]
_UNTIL_IT_ANSWERS = AsyncRetrying(
    retry=retry_if_exception(lambda error: isinstance(error, KafkaError) and error.retriable),
    stop=stop_after_delay(30),
    wait=wait_fixed(0.5),
    reraise=True,
)
"""A cluster in which no group was ever used, or that has just started, has no coordinator for the first seconds."""


class StillConsuming(Exception):
    """The group has members: stop the worker first, which would commit over the new offsets."""


class NotConsumed(Exception):
    """A topic that this service does not read."""


async def rewind(
    settings: KafkaSettings, database: Database, consumer: Consumer, topics: Collection[str], goal: Goal, actor: str
) -> dict[tuple[str, int], tuple[int, int]]:
    """Offsets before and after, of each partition that was moved; never forward. No topic means all of them.

    Raises `StillConsuming`, `NotConsumed`.
    """
    if unknown := sorted(set(topics) - set(consumer.topics)):
        raise NotConsumed(f"{consumer.name} does not read {', '.join(unknown)}, only {', '.join(consumer.topics)}")
    await _require_stopped(settings, consumer.name)
    reader = AIOKafkaConsumer(**access(settings), group_id=consumer.name, enable_auto_commit=False)
    await reader.start()
    try:
        places = await _places(reader, topics or consumer.topics)
        reader.assign(places)  # by hand, and so without becoming a member
        async with database.transaction() as connection:
            fresh = {row["topic"] for row in await connection.fetch(sql.topics_made_again, consumer.name)}
            goals = await _goals(reader, connection, consumer.name, places, goal, fresh)
            moved = {place: pair async for place, pair in _lower(reader, goals, fresh)}
            await _count_again(connection, consumer.name, moved, actor)
            await connection.execute(sql.accept_topics, consumer.name, sorted({place.topic for place in places}))
            await _commit(reader, moved)
    finally:
        await reader.stop()
    return {(place.topic, place.partition): pair for place, pair in moved.items()}


async def _require_stopped(settings: KafkaSettings, group: str) -> None:
    admin = AIOKafkaAdminClient(**access(settings), client_id="cpt-rewind")
    await admin.start()
    try:
        async for attempt in _UNTIL_IT_ANSWERS:
            with attempt:
                answers = await admin.describe_consumer_groups([group])
        for _, name, state, *_ in (one for answer in answers for one in answer.groups):
            if state not in ("Empty", "Dead"):
                raise StillConsuming(f"the group {name} has members; stop the worker first")
    finally:
        await admin.close()


async def _places(reader: AIOKafkaConsumer, topics: Collection[str]) -> list[TopicPartition]:
    await reader._client.set_topics(list(topics))  # noqa: SLF001 the client offers no other way to hear of partitions
    return [TopicPartition(name, n) for name in sorted(topics) for n in sorted(reader.partitions_for_topic(name) or ())]


async def _goals(
    reader: AIOKafkaConsumer,
    connection: Connection,
    group: str,
    places: list[TopicPartition],
    goal: Goal,
    made_again: set[str],
) -> Offsets:
    first: Offsets = await reader.beginning_offsets(places)
    match goal:
        case "beginning":
            return first
        case "stored":
            names, partitions = [p.topic for p in places], [p.partition for p in places]
            rows = await connection.fetch(sql.lock_progress, group, names, partitions)
            done = {TopicPartition(row["topic"], row["partition"]): row["reached"] + 1 for row in rows}
            known = {place: at for place, at in done.items() if place.topic not in made_again}
            return {place: max(known.get(place, 0), start) for place, start in first.items()}
    last: Offsets = await reader.end_offsets(places)
    told = await reader.offsets_for_times(dict.fromkeys(places, int(goal.timestamp() * 1000)))
    return {place: last[place] if told[place] is None else told[place].offset for place in places}


async def _lower(reader: AIOKafkaConsumer, goals: Offsets, made_again: set[str]) -> Any:
    """Yields each partition that goes back, with its offsets before and after; of a topic that was deleted and created again
    every partition, whatever the group has committed.
    """
    for place, goal in goals.items():
        before = await reader.committed(place)
        if place.topic in made_again:
            yield place, (max(before or goal, goal), goal)
        elif before is not None and goal < before:
            yield place, (before, goal)


async def _count_again(
    connection: Connection, group: str, moved: Mapping[TopicPartition, tuple[int, int]], actor: str
) -> None:
    """What comes again is counted for what it is: a duplicate, or done only now (P35)."""
    for place, (before, after) in moved.items():
        await connection.execute(sql.lower_progress, group, place.topic, place.partition, after - 1)
        detail = {"from": before, "to": after}
        await connection.execute(
            sql.write_operator_audit, actor, "consumer_rewound", f"{place.topic}/{place.partition}", detail
        )


async def _commit(reader: AIOKafkaConsumer, moved: Mapping[TopicPartition, tuple[int, int]]) -> None:
    try:
        if moved:
            await reader.commit({place: after for place, (_, after) in moved.items()})
    except (UnknownMemberIdError, IllegalGenerationError):
        raise StillConsuming("a worker came back while its group was rewound; stop it and rewind again") from None
