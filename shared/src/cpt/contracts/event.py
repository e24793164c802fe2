"""The base of every event: a past fact with a stable wire name, a topic and a key."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """A value that travels in events. Producers refuse unknown fields; `decode` lets consumers ignore them."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Event(Wire):
    """A past fact. `TYPE` never changes with the class name: another meaning is a new version beside the old one."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]
    SOURCE: ClassVar[str]

    @property
    def key(self) -> str:
        """Kafka key and CloudEvents subject: what the event is about (docs/protocol.md)."""
        raise NotImplementedError

    @property
    def extensions(self) -> dict[str, str]:
        """Attributes that must be readable even when the body is not."""
        return {}


class RequestEvent(Event):
    """An event about one request; everything about a request stays in order by its key."""

    request_id: str

    @property
    def key(self) -> str:
        return self.request_id


class CampusEvent(Event):
    """An event of a campus system, keyed by student."""

    emplid: str

    @property
    def key(self) -> str:
        return self.emplid
