"""A CloudEvent as it came over HTTP, and everything that is wrong with its envelope."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cpt.contracts.attributes import Fault, as_text, attribute_faults
from cpt.contracts.registry import impersonated, misdirected

LONGEST_DATA = 900_000  # bytes, as the outbox takes them
_NAME = re.compile(r"[a-z0-9]{1,50}")


@dataclass(frozen=True, slots=True)
class EventDraft:
    """`data` is None when it cannot be read."""

    attributes: Mapping[str, Any]
    data: bytes | None

    def faults(self, topic: str) -> Iterator[Fault]:
        """`topic`: the one that the door leads to."""
        named = {name: value for name, value in self.attributes.items() if _NAME.fullmatch(name)}
        yield from attribute_faults(named)
        if (fault := misdirected(as_text(named.get("type")), topic)) or (
            fault := impersonated(as_text(named.get("type")), as_text(named.get("source") or ""))
        ):
            yield fault
        for name in self.attributes.keys() - named.keys():
            yield Fault(ascii(name[:50]), "invalid_name", "Attribute names are lower-case letters and digits.")
        if self.data is None or len(self.data) > LONGEST_DATA:
            message = f"One of data and data_base64, readable and of at most {LONGEST_DATA} bytes."
            yield Fault("data", "invalid", message)

    def texts(self) -> dict[str, str]:
        return {name: as_text(value) for name, value in self.attributes.items() if value is not None}

    def headers(self) -> dict[str, str]:
        """Those of Kafka's binary mode."""
        texts = self.texts()
        kind = texts.pop("datacontenttype", "application/json")
        return {f"ce_{name}": value for name, value in texts.items()} | {"content-type": kind}
