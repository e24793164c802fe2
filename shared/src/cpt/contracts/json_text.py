"""Parses JSON from outside and refuses an object that has a name twice: two readers could read it differently."""

import json
from typing import Any


class NameTwice(ValueError):
    """The message quotes no name: it may be personal."""

    def __init__(self) -> None:
        super().__init__("An object names one of its fields twice.")


def parse_json(text: str | bytes) -> Any:
    """Raises `NameTwice`, any other ValueError for what is no JSON, RecursionError for what is too deep."""
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NameTwice
    return found
