"""All cases, a page at a time, and how many there are in each state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.store import Cause, sql, write_audit


@dataclass(frozen=True, slots=True)
class Sought:
    """None is any. `adviser` signs in by that name; `due_by`: undecided and due on that day or before."""

    state: str | None = None
    adviser: str | None = None
    strm: str | None = None
    due_by: date | None = None
    sort: Literal["newest", "due"] = "newest"


async def count_cases(connection: Connection, reader: Person) -> Mapping[str, int]:
    """By state, whatever else is sought; never the reader's own (A31)."""
    return {row["state"]: row["cases"] for row in await connection.fetch(sql.count_cases, reader.sub)}


async def page_of_cases(
    connection: Connection, sought: Sought, reader: Person, rows: tuple[int, int], now: datetime
) -> Sequence[Mapping[str, Any]]:
    """`rows`: how many, and after how many. In short, for a list; never the reader's own (A31); the reading is logged."""
    about = (sought.adviser, sought.strm, sought.due_by, sought.sort)
    found = await connection.fetch(sql.page_of_cases, sought.state, reader.sub, *rows, *about)
    read = [row["request_id"] for row in found]
    await write_audit(connection, Cause("read", reader.sub, now), "cases_listed", "cases", request_ids=read)
    return [dict(row) for row in found]


async def cases_in_hand(connection: Connection, adviser: str) -> Sequence[Mapping[str, Any]]:
    """What the adviser holds now, in short, in the order of the numbers; with one statement."""
    return [dict(row) for row in await connection.fetch(sql.cases_in_hand, adviser)]
