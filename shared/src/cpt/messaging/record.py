"""A consumed Kafka record, with headers that are always readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """`timestamp` is the broker's, in milliseconds; `key` is None when there is none or it is no text."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: str | None
    headers: Mapping[str, str]
    value: bytes

    @property
    def place(self) -> tuple[str, int]:
        return self.topic, self.partition


def read_record(raw: Any) -> Record:
    """`raw` is the client's; whatever its key and headers hold, it becomes a record that can be kept."""
    headers = {_text(name.encode()): _text(value or b"") for name, value in raw.headers}
    return Record(raw.topic, raw.partition, raw.offset, raw.timestamp, _key(raw.key), headers, raw.value or b"")


def _key(raw: bytes | None) -> str | None:
    """PostgreSQL keeps no NUL, and a key that cannot be kept could not be parked: its partition would stand still."""
    try:
        return None if raw is None or b"\0" in raw else raw.decode()
    except UnicodeDecodeError:
        return None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\0", "\ufffd")
