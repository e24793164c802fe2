"""Reads the numbers that were told, from the beginning of intake's own topic."""

from cpt.contracts.intake import RequestCompleted
from cpt.messaging.history import everything_told
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.record import Record


async def highest_number_told(settings: KafkaSettings, topic: str = RequestCompleted.TOPIC) -> int:
    """By the header that stays readable when the body is not; 0 when there is none."""
    return max([_number(record) async for record in everything_told(settings, topic)], default=0)


def _number(record: Record) -> int:
    told = record.headers.get("ce_receiptnumber", "")
    return int(told) if told.isdecimal() else 0
