"""A consumed Kafka record, with headers that are always readable."""

from collections.abc import Mapping
from dataclasses import dataclass


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
