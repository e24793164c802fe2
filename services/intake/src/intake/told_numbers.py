"""Reads the numbers that were told, from the beginning of intake's own topic."""

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from cpt.contracts.intake import RequestCompleted
from cpt.messaging.kafka_settings import KafkaSettings


async def highest_number_told(settings: KafkaSettings, topic: str = RequestCompleted.TOPIC) -> int:
    """By the header that stays readable when the body is not; 0 when there is none."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap_servers, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        return await _highest(consumer, topic)
    finally:
        await consumer.stop()


async def _highest(consumer: AIOKafkaConsumer, topic: str) -> int:
    await consumer.topics()  # the client learns the partitions from the answer
    places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(places)
    ends, highest = await consumer.end_offsets(places), 0
    await consumer.seek_to_beginning(*places)
    while any([await consumer.position(place) < ends[place] for place in places]):
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            highest = max([highest, *map(_number, records)])
    return highest


def _number(record: ConsumerRecord) -> int:
    told = dict(record.headers).get("ce_receiptnumber", b"").decode("utf-8", "replace")
    return int(told) if told.isdecimal() else 0
