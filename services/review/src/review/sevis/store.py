"""Rows of the SEVIS batches, in and out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg

from cpt.postgres import Connection, Queries
from review.sevis.domain import BatchState, Kind, RecordState

sql = Queries("review.sevis")


Name = tuple[date, date, str, str]
"""Start, end, full or part time, employer: what SEVIS tells one authorization from another by."""


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A record as it was sent; `code` and `message` are SEVIS's own."""

    record_id: str
    batch_id: str
    place: int
    request_id: str
    kind: Kind
    state: RecordState
    emplid: str
    sevis_id: str
    user_id: str
    strm: str
    start_date: date
    end_date: date
    full_part: str
    employer: str
    course_relevance: str
    remarks: str
    code: str | None
    message: str | None

    @property
    def named_by(self) -> Name:
        return self.start_date, self.end_date, self.full_part, self.employer


@dataclass(frozen=True, slots=True)
class OpenRecord:
    request_id: str
    kind: Kind
    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class Batch:
    batch_id: str
    org_id: str
    state: BatchState
    drawn_up_by: str


class NoSuchBatch(Exception):
    """No batch of this ID was drawn up here."""


def sent_record(row: asyncpg.Record) -> SentRecord:
    return SentRecord(**{name: row[name] for name in SentRecord.__dataclass_fields__})


async def records_by_case(connection: Connection, request_ids: Sequence[str]) -> dict[str, list[SentRecord]]:
    found: dict[str, list[SentRecord]] = defaultdict(list)
    for row in await connection.fetch(sql.records_of_cases, request_ids):
        found[row["request_id"]].append(sent_record(row))
    return found


async def open_by_student(connection: Connection, emplids: Sequence[str]) -> dict[str, list[OpenRecord]]:
    found: dict[str, list[OpenRecord]] = defaultdict(list)
    for row in await connection.fetch(sql.open_of_students, emplids):
        found[row["emplid"]].append(OpenRecord(row["request_id"], row["kind"], row["start_date"], row["end_date"]))
    return found


async def user_ids(connection: Connection, advisers: Sequence[str]) -> dict[str, str]:
    return {row["adviser"]: row["user_id"] for row in await connection.fetch(sql.user_ids, advisers)}


async def lock_batch(connection: Connection, batch_id: str) -> Batch:
    """Raises `NoSuchBatch`."""
    row = await connection.fetchrow(sql.lock_batch, batch_id)
    if row is None:
        raise NoSuchBatch(batch_id)
    return Batch(row["batch_id"], row["org_id"], row["state"], row["drawn_up_by"])


async def records_of_batch(connection: Connection, batch_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(sql.records_of_batch, batch_id)]
