"""Handles records in one transaction: drops the irrelevant, parks those behind a parked message, handles the rest."""

from collections.abc import Sequence

from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from cpt.messaging import inbox, parking
from cpt.messaging.consumer import Consumer, Validators
from cpt.messaging.gaps import gaps_between, note_gaps
from cpt.messaging.outbox import sql
from cpt.messaging.progress import ProgressCounter
from cpt.messaging.reading import read
from cpt.messaging.record import Record
from cpt.postgres import Connection


async def take_effect(connection: Connection, consumer: Consumer, records: Sequence[Record]) -> None:
    """Raises whatever a handler raises, and `Reject` for what cannot be read: the transaction undoes it all."""
    progress = await begin_counting(connection, consumer, records)
    relevant = await _drop_irrelevant(connection, consumer, records, progress)
    free = await _park_waiting(connection, consumer, relevant, progress)
    envelopes = _read(consumer, free, await consumer.validators(connection), progress)
    claimed = await inbox.claim(connection, consumer.name, [envelope for _, envelope in envelopes])
    fresh = {id(envelope) for envelope in claimed}
    for record, envelope in envelopes:
        progress.count(record, "processed" if id(envelope) in fresh else "duplicates")
    if claimed:
        await consumer.handle(connection, claimed)
    await progress.save(connection)


async def begin_counting(connection: Connection, consumer: Consumer, records: Sequence[Record]) -> ProgressCounter:
    """Also records the ranges between what was read last and these records: they were deleted before anybody read them."""
    progress = await ProgressCounter.begin(connection, consumer.name, records)
    first: dict[tuple[str, int], int] = {}
    for record in records:
        first[record.place] = min(record.offset, first.get(record.place, record.offset))
    await note_gaps(connection, consumer, gaps_between(progress.reached, first))
    return progress


async def _drop_irrelevant(
    connection: Connection, consumer: Consumer, records: Sequence[Record], progress: ProgressCounter
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
            progress.count(record, "ignored")
    await consumer.dropped(connection, dropped)
    return kept


async def _park_waiting(
    connection: Connection, consumer: Consumer, records: Sequence[Record], progress: ProgressCounter
) -> list[Record]:
    """Later messages of a parked key wait behind it (P33)."""
    keyed = sorted({(record.topic, record.key) for record in records if record.key is not None})
    rows = await connection.fetch(sql.lock_parked_keys, consumer.name, [k[0] for k in keyed], [k[1] for k in keyed])
    closed = {(row["topic"], row["key"]) for row in rows}
    free = []
    for record in records:
        if (record.topic, record.key) in closed:
            await parking.park(connection, consumer, record, parking.WAITS, attempts=0)
            progress.count(record, "parked")
        else:
            free.append(record)
    return free


def _read(
    consumer: Consumer, records: Sequence[Record], validators: Validators, progress: ProgressCounter
) -> list[tuple[Record, Envelope[Event]]]:
    readable = []
    for record in records:
        if envelope := read(consumer, record.topic, record.headers, record.value, validators):
            readable.append((record, envelope))
        else:
            progress.count(record, "ignored")
    return readable
