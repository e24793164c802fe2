"""What became of a campus event, by its id (P31, P33, P35, P36).

Of an event without an effect here nothing is kept (case 58), so no row tells of it. What tells is its place in Kafka:
the relay notes it for events that came over HTTP, a producer knows it from the broker's acknowledgment. A place that
the consumer has passed, with no trace of the event, is an event that was read and had no effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg

from cpt.contracts.registry import CAMPUS_TOPICS, EVENTS
from cpt.messaging.outbox import sql
from cpt.postgres import Connection, Database

State = Literal["accepted", "held", "sent", "processed", "ignored", "parked", "waiting", "discarded", "unknown"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """`at`: since when. `behind`: the id of the event of the same key that must be decided first."""

    state: State
    at: datetime | None = None
    reason: str | None = None
    behind: str | None = None


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Of a record in its topic, as the broker acknowledged it."""

    partition: int
    offset: int


async def find_receipt(
    database: Database, consumer: str, topic: str, source: str, event_id: str, place: RecordPlace | None
) -> Receipt:
    """Events of sources that speak on other topics are nobody's business here: unknown."""
    if source in {event.SOURCE for event in EVENTS.values() if topic != event.TOPIC}:
        return Receipt("unknown")
    at = (place.partition, place.offset) if place else (None, None)
    async with database.connection() as connection:
        row = await connection.fetchrow(sql.trace_event, consumer, topic, source, event_id, *at)
    assert row is not None
    return _consumed(row) or _on_its_way(row, known_place=place is not None)


async def note_sent(connection: Connection, rows: Sequence[asyncpg.Record], places: Sequence[Any]) -> None:
    """In the transaction that takes the rows out of the outbox; `places` are the broker's acknowledgments."""
    told = {
        (row["headers"]["ce_source"], row["event_id"]): (place.partition, place.offset)
        for row, place in zip(rows, places, strict=True)
        if row["topic"] in CAMPUS_TOPICS
    }
    if told:
        ids, found = zip(*sorted(told.items()), strict=True)
        await connection.execute(sql.note_sent, *map(list, (*zip(*ids, strict=True), *zip(*found, strict=True))))


def _consumed(row: asyncpg.Record) -> Receipt | None:
    """Who discards a message claims its id in the same transaction, so at the very same time."""
    taken, decided = row["received_at"], row["decided_at"]
    if row["state"] == "discarded" and taken in (None, decided):
        return Receipt("discarded", decided)
    if taken or row["state"] == "replayed":
        return Receipt("processed", taken or decided)
    if row["state"] is None:
        return None
    if row["error_class"] == "Waiting":
        return Receipt("waiting", row["first_at"], row["reason"], row["behind"])
    return Receipt("parked", row["first_at"], row["reason"])


def _on_its_way(row: asyncpg.Record, *, known_place: bool) -> Receipt:
    if row["held_because"]:
        return Receipt("held", row["held_at"], row["held_because"])
    if row["leaving"]:
        return Receipt("accepted", row["accepted_at"])
    if row["passed"]:
        return Receipt("ignored")
    if row["sent_at"] or known_place:
        return Receipt("sent", row["sent_at"])
    if row["accepted_at"]:  # it left the quarantine by a person's decision
        return Receipt("discarded", row["accepted_at"])
    return Receipt("unknown")
