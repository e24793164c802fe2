"""One transaction for some records: what nobody wants is dropped, what must wait waits, the rest takes effect."""

from collections.abc import Sequence

from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from cpt.messaging import inbox, parking
from cpt.messaging.consumer import Consumer, Judges
from cpt.messaging.gaps import gaps_between, note_gaps
from cpt.messaging.outbox import sql
from cpt.messaging.progress import Tally
from cpt.messaging.reading import read
from cpt.messaging.record import Record
from cpt.postgres import Connection


async def take_effect(connection: Connection, consumer: Consumer, records: Sequence[Record]) -> None:
    """Raises whatever a handler raises, and `Reject` for what cannot be read: the transaction undoes it all."""
    tally = await begin_tally(connection, consumer, records)
    relevant = await _drop_irrelevant(connection, consumer, records, tally)
    free = await _have_wait(connection, consumer, relevant, tally)
    envelopes = _read(consumer, free, await consumer.judges(connection), tally)
    claimed = await inbox.claim(connection, consumer.name, [envelope for _, envelope in envelopes])
    fresh = {id(envelope) for envelope in claimed}
    for record, envelope in envelopes:
        tally.count(record, "processed" if id(envelope) in fresh else "duplicates")
    if claimed:
        await consumer.handle(connection, claimed)
    await tally.save(connection)


async def begin_tally(connection: Connection, consumer: Consumer, records: Sequence[Record]) -> Tally:
    """The tally knows where it stood: what lies between that and these records was gone before it was read."""
    tally = await Tally.begin(connection, consumer.name, records)
    first: dict[tuple[str, int], int] = {}
    for record in records:
        first[record.place] = min(record.offset, first.get(record.place, record.offset))
    await note_gaps(connection, consumer, gaps_between(tally.reached, first))
    return tally


async def _drop_irrelevant(
    connection: Connection, consumer: Consumer, records: Sequence[Record], tally: Tally
) -> list[Record]:
    wanted = {}
    for topic, relevant in consumer.relevant_keys.items():
        keys = {record.key for record in records if record.topic == topic and record.key is not None}
        wanted[topic] = await relevant(connection, sorted(keys)) if keys else set()
    kept, dropped = [], []
    for record in records:
        if record.key is None or record.key in wanted.get(record.topic, {record.key}):
            kept.append(record)
        else:
            dropped.append(record)
            tally.count(record, "ignored")
    await consumer.dropped(connection, dropped)
    return kept


async def _have_wait(
    connection: Connection, consumer: Consumer, records: Sequence[Record], tally: Tally
) -> list[Record]:
    """Later messages of a parked key wait behind it (P33)."""
    keyed = sorted({(record.topic, record.key) for record in records if record.key is not None})
    rows = await connection.fetch(sql.lock_parked_keys, consumer.name, [k[0] for k in keyed], [k[1] for k in keyed])
    closed = {(row["topic"], row["key"]) for row in rows}
    free = []
    for record in records:
        if (record.topic, record.key) in closed:
            await parking.park(connection, consumer, record, parking.WAITS, attempts=0)
            tally.count(record, "parked")
        else:
            free.append(record)
    return free


def _read(
    consumer: Consumer, records: Sequence[Record], judges: Judges, tally: Tally
) -> list[tuple[Record, Envelope[Event]]]:
    readable = []
    for record in records:
        if envelope := read(consumer, record.topic, record.headers, record.value, judges):
            readable.append((record, envelope))
        else:
            tally.count(record, "ignored")
    return readable
