"""The state tables of docs/architecture.md, which the tests walk cell by cell (docs/architecture.md)."""

import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"


def _lines(service: str) -> list[list[str]]:
    block = re.search(rf"```text {service}\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block, f"docs/architecture.md has no state table of {service}"
    return [line.split() for line in block[1].splitlines()]


def states_of(service: str) -> list[str]:
    return _lines(service)[0]


def cells(service: str, state: str) -> Iterator[tuple[str, bool, str]]:
    """(event or act, whether of an older round, what comes of it) in this state."""
    states, name = states_of(service), ""
    for first, *rest in _lines(service)[1:]:
        older = first == "older"
        name = name if older else first
        yield name, older, rest[states.index(state)]
