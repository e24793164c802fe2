"""Effects of an event once: ids are claimed in the transaction of the effects (P31)."""

from collections.abc import Sequence

from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from cpt.messaging.outbox import sql
from cpt.postgres import Connection


async def claim(connection: Connection, consumer: str, envelopes: Sequence[Envelope[Event]]) -> list[Envelope[Event]]:
    """The envelopes whose (source, id) is new, each first occurrence in the given order."""
    if not envelopes:
        return []
    rows = await connection.fetch(sql.claim, consumer, [e.source for e in envelopes], [e.id for e in envelopes])
    fresh = {(row["source"], row["event_id"]) for row in rows}
    claimed = []
    for envelope in envelopes:
        if (envelope.source, envelope.id) in fresh:
            fresh.remove((envelope.source, envelope.id))
            claimed.append(envelope)
    return claimed


async def claim_id(connection: Connection, consumer: str, source: str, event_id: str) -> bool:
    """Whether this id was new: for messages that are discarded without being read (P33)."""
    return bool(await connection.fetch(sql.claim, consumer, [source], [event_id]))
