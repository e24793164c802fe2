"""What every service tells of its messages that wait for a person, so that operations see all of them in one place."""

from datetime import datetime
from typing import ClassVar

from cpt.contracts.event import Event, Wire

TOLD_ONE_BY_ONE = 20


class WaitingMessage(Wire):
    """The first parked message of its key, with how many wait behind it."""

    number: int
    topic: str
    type: str | None
    reason: str
    since: datetime
    attempts: int
    waiting_behind: int


class MessagesWaiting(Event):
    """What waits for a person in a service: told when it changes, and every few minutes (P33).

    `parked` are the oldest, twenty at most, of `parked_in_all`; `rejected` are events that Kafka refused (P32).
    """

    at: datetime
    parked: tuple[WaitingMessage, ...]
    parked_in_all: int
    rejected: int

    @property
    def key(self) -> str:
        return "messages"


class IntakeMessagesWaiting(MessagesWaiting):
    """What waits for a person in intake."""

    TYPE: ClassVar[str] = "edu.umass.cpt.intake-messages-waiting.v1"
    TOPIC: ClassVar[str] = "cpt.intake"
    SOURCE: ClassVar[str] = "/cpt/intake"


class EnrollmentMessagesWaiting(MessagesWaiting):
    """What waits for a person in enrollment-sync."""

    TYPE: ClassVar[str] = "edu.umass.cpt.enrollment-messages-waiting.v1"
    TOPIC: ClassVar[str] = "cpt.enrollment"
    SOURCE: ClassVar[str] = "/cpt/enrollment-sync"


class NotifierMessagesWaiting(MessagesWaiting):
    """What waits for a person in notifier."""

    TYPE: ClassVar[str] = "edu.umass.cpt.notifier-messages-waiting.v1"
    TOPIC: ClassVar[str] = "cpt.notifier"
    SOURCE: ClassVar[str] = "/cpt/notifier"
