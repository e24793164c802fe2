"""All cases, a page at a time: the newest number first, and how many there are in each state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.store import Cause, sql, write_audit

ROWS = 40


@dataclass(frozen=True, slots=True)
class CasePage:
    """`rows` in short, for a list; `counts` by state; `page` of `pages`, from 1."""

    rows: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS))

    @property
    def first(self) -> int:
        """The place of the first row among all."""
        return (self.page - 1) * ROWS + 1


async def page_of_cases(
    connection: Connection, state: str | None, page: int, reader: Person, now: datetime
) -> CasePage:
    """The last page where fewer are asked for than there are; never the reader's own (A31), and the reading is logged."""
    counts = {row["state"]: row["cases"] for row in await connection.fetch(sql.count_cases, reader.sub)}
    total = counts.get(state, 0) if state else sum(counts.values())
    page = min(page, max(1, -(-total // ROWS)))
    rows = await connection.fetch(sql.page_of_cases, state, reader.sub, ROWS, (page - 1) * ROWS)
    read = [row["request_id"] for row in rows]
    await write_audit(connection, Cause("read", reader.sub, now), "cases_listed", "cases", request_ids=read)
    return CasePage([dict(row) for row in rows], counts, total, page)
