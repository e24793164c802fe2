"""The meaning and an example of every field of every event, read from `fields.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cpt.contracts.event import Wire


@dataclass(frozen=True, slots=True)
class Field:
    """`personal`: data about a person, which never leaves the body for headers, keys or logs."""

    means: str
    example: Any = None
    personal: bool = False


class Undocumented(Exception):
    """A field without a meaning or an example in `fields.toml`."""


@cache
def documented() -> dict[str, Field]:
    text = files("cpt.contracts").joinpath("fields.toml").read_text("utf-8")
    return {name: Field(**entry) for name, entry in _flat(tomllib.loads(text)).items()}


def field_of(model: type[Wire], name: str) -> Field:
    """The entry `Class.field`, else `field`. Raises `Undocumented`."""
    known = documented()
    found = known.get(f"{model.__name__}.{name}") or known.get(name)
    if found is None:
        raise Undocumented(f"{model.__name__}.{name}: say in fields.toml what it means, with an example")
    return found


def _flat(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """TOML nests `[Class.field]`; class names are the ones that begin with a capital."""
    flat: dict[str, dict[str, Any]] = {}
    for name, entry in table.items():
        if name[0].isupper():
            flat |= {f"{name}.{field}": nested for field, nested in entry.items()}
        else:
            flat[name] = entry
    return flat
