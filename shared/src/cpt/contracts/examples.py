"""What a campus system really sends: whole events in CloudEvents' structured form, for the API documents."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cpt.contracts.registry import EVENTS


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    summary: str
    event: dict[str, Any]

    @property
    def topic(self) -> str:
        return EVENTS[self.event["type"]].TOPIC

    @property
    def headers(self) -> dict[str, str]:
        """As on Kafka, in binary mode; the record's value is `event["data"]`."""
        attributes = {f"ce_{name}": value for name, value in self.event.items() if name != "data"}
        return attributes | {"content-type": "application/json"}


@cache
def campus_examples() -> tuple[Example, ...]:
    found = json.loads(files("cpt.contracts").joinpath("examples.json").read_text("utf-8"))
    return tuple(Example(**example) for example in found)
