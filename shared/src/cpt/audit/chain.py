"""The arithmetic of the chain: what is hashed, and how one link holds the one before."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NOTHING_BEFORE = bytes(32)


@dataclass(frozen=True, slots=True)
class Link:
    """`previous` is the digest of the link before; a link's own digest covers all its fields."""

    position: int
    row_id: int
    row_digest: bytes
    previous: bytes
    sealed_at: datetime

    @property
    def digest(self) -> bytes:
        told = f"{self.position}|{self.row_id}|{self.row_digest.hex()}|{self.previous.hex()}|{_utc(self.sealed_at)}"
        return hashlib.sha256(told.encode()).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """A published state: the chain had `count` links and ended with `digest` (hexadecimal)."""

    count: int
    digest: str


def digest_row(row: Mapping[str, Any]) -> bytes:
    """Of an audit row, independent of the server that keeps it."""
    told = [row["id"], _utc(row["at"]), row["actor"], row["action"], row["subject"], row["detail"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).digest()


def link_of(row: Mapping[str, Any]) -> Link:
    """As it is stored."""
    return Link(row["position"], row["row_id"], row["row_digest"], row["previous"], row["sealed_at"])


def extend(last: Link | None, rows: Iterable[Mapping[str, Any]], now: datetime) -> list[Link]:
    """The links of these rows after `last`."""
    links: list[Link] = []
    for row in rows:
        before = links[-1] if links else last
        position, previous = (before.position + 1, before.digest) if before else (1, NOTHING_BEFORE)
        links.append(Link(position, row["id"], digest_row(row), previous, now))
    return links


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")
