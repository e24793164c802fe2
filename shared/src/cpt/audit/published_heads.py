"""The heads that a service published, read from the beginning of its own topic, where the database cannot change them."""

from cpt.audit.chain import Head
from cpt.contracts.audit import AuditSealed
from cpt.contracts.envelope import InvalidEnvelope, decode
from cpt.messaging.history import read_own_topic
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.record import Record


async def read_published_heads(
    settings: KafkaSettings, event: type[AuditSealed], topic: str | None = None
) -> list[Head]:
    """All that the topic still keeps, oldest first."""
    records = read_own_topic(settings, topic or event.TOPIC)
    return [head async for record in records if (head := _head(record, event.TYPE))]


def _head(record: Record, wire_type: str) -> Head | None:
    if record.headers.get("ce_type") != wire_type:
        return None
    try:
        told = decode(record.headers, record.value).event
    except InvalidEnvelope:
        return None
    return Head(told.count, told.head) if isinstance(told, AuditSealed) else None
