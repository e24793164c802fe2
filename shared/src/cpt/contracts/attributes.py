"""The attributes of a CloudEvent, and everything that is wrong with them, however they came."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from cpt.contracts.characters import is_plain

LONGEST_TEXT = 500  # characters of an attribute: ids and keys must fit into an index
REQUIRED = ("specversion", "id", "source", "type", "time")
_TEXTS = frozenset({*REQUIRED, "subject", "datacontenttype", "dataschema"})
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d")
_TIME = TypeAdapter(AwareDatetime)


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is an attribute, or `data` and a path inside it. The message quotes codes and types, nothing else."""

    field: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message.rstrip('.')}"


def attribute_faults(attributes: Mapping[str, object]) -> Iterator[Fault]:
    """Of those that are required and of every other one that is given."""
    for name in REQUIRED:
        if attributes.get(name) in (None, ""):
            yield Fault(name, "missing", "This attribute is required.")
    for name, value in attributes.items():
        if fault := _fault(name, value):
            yield Fault(name, "invalid", fault)


def as_time(text: str) -> datetime:
    """Raises ValidationError; a time without an offset is none."""
    return _TIME.validate_python(text)


def is_key(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TEXT and is_plain(text)


def as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _fault(name: str, value: object) -> str | None:
    if value in (None, ""):
        return None
    if name in _TEXTS and not isinstance(value, str):
        return "This attribute is a text."
    if not isinstance(value, str | bool | int):
        return "An attribute is a text, a whole number, or true or false."
    text = as_text(value)
    if not is_key(text):
        return f"At most {LONGEST_TEXT} characters, none of them a control or invisible character."
    if name == "specversion" and text != "1.0":
        return "Only version 1.0 is understood."
    return "Not a time of RFC 3339 with its offset." if name == "time" and not _is_time(text) else None


def _is_time(text: str) -> bool:
    try:
        return bool(_RFC3339.match(text) and as_time(text).astimezone(UTC))
    except (ValidationError, OverflowError):
        return False
