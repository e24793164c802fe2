"""Counts how every consumed record ended, in the transaction of its effects (P35)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cpt.messaging.outbox import sql
from cpt.messaging.record import Record
from cpt.postgres import Connection

Outcome = Literal["processed", "parked", "ignored", "duplicates", "redelivered"]
OUTCOMES: tuple[Outcome, ...] = ("processed", "parked", "ignored", "duplicates", "redelivered")


@dataclass(slots=True)
class ProgressCounter:
    """Counts of one transaction; offsets at or below `reached` were counted by an earlier one."""

    consumer: str
    reached: dict[tuple[str, int], int]
    counts: dict[tuple[str, int], dict[Outcome, int]] = field(default_factory=dict)
    last: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    async def begin(cls, connection: Connection, consumer: str, records: Sequence[Record]) -> "ProgressCounter":
        """Locks the rows of the partitions, and makes those that are missing: without a row there is nothing to lock, and two
        owners would both count the first records.
        """
        places = {record.place for record in records}
        progress = await cls.at(connection, consumer, places)
        if new := sorted(places - progress.reached.keys()):
            columns = [place[0] for place in new], [place[1] for place in new]
            rows = await connection.fetch(sql.begin_progress, consumer, *columns)
            mine = {(row["topic"], row["partition"]) for row in rows}
            if len(mine) < len(new):  # another one has counted them meanwhile
                progress = await cls.at(connection, consumer, places - mine)
        return progress

    @classmethod
    async def at(cls, connection: Connection, consumer: str, at: Iterable[tuple[str, int]]) -> "ProgressCounter":
        places = sorted(at)
        rows = await connection.fetch(sql.lock_progress, consumer, [p[0] for p in places], [p[1] for p in places])
        return cls(consumer, {(row["topic"], row["partition"]): row["reached"] for row in rows})

    def count(self, record: Record, outcome: Outcome) -> None:
        place = record.place
        self.last[place] = max(self.last.get(place, -1), record.offset)
        if record.offset <= self.reached.get(place, -1):
            outcome = "redelivered"
        at_place = self.counts.setdefault(place, dict.fromkeys(OUTCOMES, 0))
        at_place[outcome] += 1

    def skip(self, place: tuple[str, int], last: int) -> None:
        """Up to this offset nothing is left to be counted."""
        self.last[place] = last
        self.counts[place] = dict.fromkeys(OUTCOMES, 0)

    async def save(self, connection: Connection) -> None:
        places = sorted(self.counts)
        await connection.execute(
            sql.record_progress,
            self.consumer,
            [p[0] for p in places],
            [p[1] for p in places],
            [self.last[p] for p in places],
            *([self.counts[p][outcome] for p in places] for outcome in OUTCOMES),
        )
