"""What became of every consumed record, in the transaction of its effects (P35)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cpt.messaging.outbox import sql
from cpt.messaging.record import Record
from cpt.postgres import Connection

Fate = Literal["processed", "parked", "ignored", "duplicates", "redelivered"]
FATES: tuple[Fate, ...] = ("processed", "parked", "ignored", "duplicates", "redelivered")


@dataclass(slots=True)
class Tally:
    """Counts of one transaction; offsets at or below `reached` were counted by an earlier one."""

    consumer: str
    reached: dict[tuple[str, int], int]
    counts: dict[tuple[str, int], dict[Fate, int]] = field(default_factory=dict)
    last: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    async def begin(cls, connection: Connection, consumer: str, records: Sequence[Record]) -> "Tally":
        """Of a partition that was never counted there is no row to lock: two owners would both count its first records."""
        places = {record.place for record in records}
        tally = await cls.at(connection, consumer, places)
        if new := sorted(places - tally.reached.keys()):
            columns = [place[0] for place in new], [place[1] for place in new]
            rows = await connection.fetch(sql.begin_progress, consumer, *columns)
            mine = {(row["topic"], row["partition"]) for row in rows}
            if len(mine) < len(new):  # another one has counted them meanwhile
                tally = await cls.at(connection, consumer, places - mine)
        return tally

    @classmethod
    async def at(cls, connection: Connection, consumer: str, at: Iterable[tuple[str, int]]) -> "Tally":
        places = sorted(at)
        rows = await connection.fetch(sql.lock_progress, consumer, [p[0] for p in places], [p[1] for p in places])
        return cls(consumer, {(row["topic"], row["partition"]): row["reached"] for row in rows})

    def count(self, record: Record, fate: Fate) -> None:
        place = record.place
        self.last[place] = max(self.last.get(place, -1), record.offset)
        if record.offset <= self.reached.get(place, -1):
            fate = "redelivered"
        at_place = self.counts.setdefault(place, dict.fromkeys(FATES, 0))
        at_place[fate] += 1

    def skip(self, place: tuple[str, int], last: int) -> None:
        """Up to this offset nothing is left to be counted."""
        self.last[place] = last
        self.counts[place] = dict.fromkeys(FATES, 0)

    async def save(self, connection: Connection) -> None:
        places = sorted(self.counts)
        await connection.execute(
            sql.record_progress,
            self.consumer,
            [p[0] for p in places],
            [p[1] for p in places],
            [self.last[p] for p in places],
            *([self.counts[p][fate] for p in places] for fate in FATES),
        )
