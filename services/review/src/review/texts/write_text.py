"""A director writes one of the office's texts: checked, kept as a new version, audited, and told to who uses it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.campus.office_texts import TEXTS, faults_in
from cpt.contracts.staff import OfficeTextChanged
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection, Queries
from review.domain import Fault, Refused, Unfit
from review.store import Cause, write_audit

sql = Queries("review.texts")


class NoSuchText(Exception):
    """The office has no text of this name."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it counts now; version 0 is the default that nobody has changed."""

    name: str
    version: int = 0
    text: str = ""
    by: str = ""
    at: datetime | None = None


async def show_texts(connection: Connection) -> list[Written]:
    """Every text there is, in the order of the list."""
    rows = {row["name"]: row for row in await connection.fetch(sql.latest_texts)}
    return [_written(name, rows.get(name)) for name in TEXTS]


async def show_versions(connection: Connection, name: str) -> list[Written]:
    """Newest first. Raises `NoSuchText`."""
    if name not in TEXTS:
        raise NoSuchText(name)
    return [_written(name, row) for row in await connection.fetch(sql.text_versions, name)]


async def write_text(
    connection: Connection, name: str, text: str, director: Person, now: datetime, *, seen: int
) -> None:
    """`seen` is the version that the director changed; the same text again changes nothing. Raises `NoSuchText`, `Unfit`
    with every fault, or `Refused` where somebody was faster.
    """
    if name not in TEXTS:
        raise NoSuchText(name)
    if faults := [Fault("text", "invalid", fault) for fault in faults_in(name, text)]:
        raise Unfit(*faults)
    await connection.fetchval(sql.lock_texts)
    versions = await show_versions(connection, name)
    latest = versions[0] if versions else Written(name)
    if latest.version != seen:
        raise Refused(
            "stale_version", "Someone has changed this text in the meantime. Open it again to see the current version."
        )
    if latest.text == text:
        return
    await connection.execute(sql.add_text, name, seen + 1, text, director, now)
    event = OfficeTextChanged(about=name, version=seen + 1, text=text, changed_by=director, at=now)
    await append(connection, event, sequence=seen + 1, now=now)
    cause = Cause("office_text", director.sub, now)
    await write_audit(connection, cause, "office_text_changed", name, version=seen + 1)


def _written(name: str, row: Any) -> Written:
    if row is None:
        return Written(name)
    by = row["written_by"]
    return Written(name, row["version"], row["text"], by["name"] or by["sub"], row["at"])
