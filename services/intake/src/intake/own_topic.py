"""Reads the numbers that were told, from the beginning of intake's own topic."""

from dataclasses import dataclass, field

from cpt.contracts.envelope import InvalidEnvelope, decode
from cpt.contracts.intake import RequestCompleted, RequestHeld, RequestSubmitted
from cpt.messaging.history import read_own_topic
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.record import Record


@dataclass(slots=True)
class PublishedLine:
    """The highest receipt number, and by request the highest round, the highest version of its facts, its number."""

    number: int = 0
    rounds: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def hear(self, record: Record) -> None:
        """The number is read by the header, which stays readable when the body is not."""
        number = record.headers.get("ce_receiptnumber", "")
        self.number = max(self.number, int(number) if number.isdecimal() else 0)
        try:
            event = decode(record.headers, record.value).event
        except InvalidEnvelope:
            return
        if isinstance(event, (RequestCompleted, RequestHeld)):
            self.rounds[event.request_id] = max(event.round, self.rounds.get(event.request_id, 0))
            self.numbers[event.request_id] = event.receipt_number
        if isinstance(event, (RequestCompleted, RequestSubmitted)):
            self.facts[event.request_id] = max(event.facts.facts_version, self.facts.get(event.request_id, 0))


async def read_published(settings: KafkaSettings, topic: str = RequestCompleted.TOPIC) -> PublishedLine:
    told = PublishedLine()
    async for record in read_own_topic(settings, topic):
        told.hear(record)
    return told
