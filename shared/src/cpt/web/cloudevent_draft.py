"""A CloudEvent as it came over HTTP, and everything that is wrong with its envelope."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

LONGEST_DATA = 900_000  # bytes, as the outbox takes them
LONGEST_TEXT = 500  # characters of an attribute: ids and keys must fit into an index
REQUIRED = ("specversion", "id", "source", "type", "time")
_NAME = re.compile(r"[a-z0-9]{1,50}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d")
_TIME = TypeAdapter(AwareDatetime)

Fault = tuple[str, str, str]
"""Attribute, code, sentence; the sentence quotes nothing that was sent."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`data` is None when it cannot be read."""

    attributes: Mapping[str, Any]
    data: bytes | None

    def faults(self) -> Iterator[Fault]:
        for name in REQUIRED:
            if self.attributes.get(name) in (None, ""):
                yield name, "missing", "This attribute is required."
        for name, value in self.attributes.items():
            if not _NAME.fullmatch(name):
                yield ascii(name[:50]), "invalid_name", "Attribute names are lower-case letters and digits."
            elif fault := _fault(name, value):
                yield name, "invalid", fault
        if self.data is None or len(self.data) > LONGEST_DATA:
            yield "data", "invalid", f"One of data and data_base64, readable and of at most {LONGEST_DATA} bytes."

    def texts(self) -> dict[str, str]:
        return {name: _text(value) for name, value in self.attributes.items() if value is not None}


def as_time(text: str) -> datetime:
    """Raises ValidationError; a time without an offset is none."""
    return _TIME.validate_python(text)


def is_key(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TEXT and not _UNPRINTABLE.search(text)


def _fault(name: str, value: object) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str | bool | int):
        return "An attribute is a text, a whole number, or true or false."
    text = _text(value)
    if not is_key(text):
        return f"At most {LONGEST_TEXT} characters, none of them a control character."
    if name == "specversion" and text != "1.0":
        return "Only version 1.0 is understood."
    return "Not a time of RFC 3339 with its offset." if name == "time" and not _is_time(text) else None


def _is_time(text: str) -> bool:
    try:
        return bool(_RFC3339.match(text) and as_time(text))
    except ValidationError:
        return False


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
