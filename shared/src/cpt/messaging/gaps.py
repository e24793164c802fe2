"""Records that were deleted before they were read: logged, counted, and made good where another source can be read (P35)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from cpt.messaging.consumer import Consumer
from cpt.messaging.outbox import sql
from cpt.postgres import Connection

log = structlog.get_logger()

Offsets = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class UnreadRange:
    """Offsets of the first and the last record of the range."""

    topic: str
    partition: int
    first: int
    last: int


def gaps_between(reached: Offsets, first: Offsets) -> list[UnreadRange]:
    """Where reading goes on behind what was counted last; a partition that was never counted has none."""
    return [
        UnreadRange(*place, reached[place] + 1, start - 1)
        for place, start in sorted(first.items())
        if place in reached and start > reached[place] + 1
    ]


async def note_gaps(connection: Connection, consumer: Consumer, gaps: Sequence[UnreadRange]) -> None:
    """Logs each range once, and calls the `when_gone` hook of its topic in the same transaction."""
    columns = zip(*((gap.topic, gap.partition, gap.first, gap.last) for gap in gaps), strict=True)
    rows = await connection.fetch(sql.note_gaps, consumer.name, *map(list, columns)) if gaps else []
    for row in rows:
        first, last = row["first"], row["last"]
        log.error(
            "records_gone",
            topic=row["topic"],
            partition=row["partition"],
            first=first,
            last=last,
            records=last - first + 1,
        )
    for topic in sorted({row["topic"] for row in rows}):
        await consumer.gone(connection, topic)
