"""A consumed Kafka record, with headers that are always readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """`timestamp` is the broker's, in milliseconds; `key` is None when there is none or it is no UTF-8."""

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
    """`raw` is the client's; whatever its key and headers hold, it becomes a record."""
    try:
        key = raw.key.decode() if raw.key is not None else None
    except UnicodeDecodeError:
        key = None
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in raw.headers}
    return Record(raw.topic, raw.partition, raw.offset, raw.timestamp, key, headers, raw.value or b"")
