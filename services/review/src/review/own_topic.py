"""Reads what was decided, from the beginning of review's own topic: for a restored database."""

from cpt.contracts.alerts import AlertClosed
from cpt.contracts.envelope import decode
from cpt.contracts.event import Event
from cpt.contracts.review import ReviewEvent
from cpt.contracts.staff import OfficeTextChanged
from cpt.messaging.history import read_own_topic
from cpt.messaging.kafka_settings import KafkaSettings


async def read_decisions(settings: KafkaSettings) -> list[Event]:
    """Everything about cases, how alerts ended, and the office's texts; in order for each. Our own events are readable."""
    told = [decode(record.headers, record.value).event async for record in read_own_topic(settings, ReviewEvent.TOPIC)]
    return [event for event in told if isinstance(event, (ReviewEvent, AlertClosed, OfficeTextChanged))]
