"""What told of a row: an event of the registrar or a read."""

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
