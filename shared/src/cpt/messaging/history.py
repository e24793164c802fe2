"""A whole topic from its beginning: for commands that compare what is stored with what was published."""

from collections.abc import AsyncIterator

from aiokafka import AIOKafkaConsumer

from cpt.messaging.access import access
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.record import Record, read_record


async def read_own_topic(settings: KafkaSettings, topic: str) -> AsyncIterator[Record]:
    """Every record that the topic keeps at the moment of the call; the order is kept per key only."""
    consumer = AIOKafkaConsumer(topic, **access(settings), enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = consumer.assignment()
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning(*places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                for raw in batch:
                    yield read_record(raw)
    finally:
        await consumer.stop()
