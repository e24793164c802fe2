"""What told of a row: an event of the registrar or a read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

Key = tuple[str, ...]
"""Of a row or a term withdrawal, as the rules have it."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """`happened_at` is never later than `received_at` (P24); `act`: the enrollment request, if SPIRE named one."""

    told_by: str
    happened_at: datetime
    received_at: datetime
    act: str | None = None
    actor: str | None = None
    added: bool = False
    """Whether it told that the class was added, so that it may take the place of another one (A24)."""
    by_read: bool = False
    """A read tells what is, not when it came about."""


PROVENANCE = TypeAdapter(Provenance)


class Origins(Mapping[Key, Provenance]):
    """What told of each row. What is stored is read when somebody asks: an event about one class asks for few of them."""

    def __init__(self, stored: Mapping[Key, str | Provenance]) -> None:
        self._stored = stored

    def __getitem__(self, key: Key) -> Provenance:
        origin = self._stored[key]
        return PROVENANCE.validate_json(origin) if isinstance(origin, str) else origin

    def __iter__(self) -> Iterator[Key]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __or__(self, told: Mapping[Key, Provenance]) -> "Origins":
        return Origins({**self._stored, **told})
