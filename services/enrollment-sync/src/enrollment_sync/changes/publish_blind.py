"""A message about a watched student that cannot be read: whoever looks at the case is told, and a read is due (P29)."""

from datetime import datetime

from cpt.contracts.enrollment import StudentMonitoringBlind, StudentMonitoringRestored
from cpt.messaging import Consumer, append
from cpt.messaging.errors import Reject
from cpt.messaging.reading import read
from cpt.messaging.record import Record
from cpt.postgres import Connection, Database
from enrollment_sync.changes.record_superseded_loss import acts_of
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import make_check_due
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.publish_loss import publish_loss
from enrollment_sync.mapping import entry_of
from enrollment_sync.provenance import Provenance
from enrollment_sync.store import calendar_in_force, load_dossier, lock_students, save_watch, sql

SHOWN = 10
"""Reasons of parked messages, each at most 200 characters."""


async def publish_blind(
    connection: Connection, consumer: Consumer, record: Record, now: datetime, guard: Guard
) -> None:
    """In the transaction that parks it. One that could be read and merely waits is weighed as a suspicion."""
    if record.key is None:
        return
    await lock_students(connection, [record.key])
    await make_check_due(connection, [record.key], "parked", now)
    dossier = await load_dossier(connection, record.key, await calendar_in_force(connection))
    if dossier is None:
        return
    if await connection.fetchval(sql.note_blind, dossier.emplid, now, record.partition, record.offset):
        rows = await connection.fetch(sql.unread_of, dossier.emplid, SHOWN)
        for watch in dossier.watches:
            await save_watch(connection, watch)
            event = StudentMonitoringBlind(
                request_id=watch.request_id,
                emplid=dossier.emplid,
                since=now,
                unread=tuple(row["reason"] for row in rows),
            )
            await append(connection, event, sequence=watch.version, now=now)
    await _suspect(connection, consumer, dossier, record, now, guard)


async def publish_restored(database: Database, now: datetime) -> int:
    """One step of the loop: of whom nothing is parked any more, and who was said to be blind."""
    async with database.transaction() as connection:
        emplids = [row["emplid"] for row in await connection.fetch(sql.students_restored)]
        await lock_students(connection, emplids)
        await connection.execute(sql.forget_blind, emplids)
        calendar = await calendar_in_force(connection)
        for emplid in emplids:
            dossier = await load_dossier(connection, emplid, calendar)
            for watch in dossier.watches if dossier else ():
                await save_watch(connection, watch)
                event = StudentMonitoringRestored(request_id=watch.request_id, emplid=emplid, at=now)
                await append(connection, event, sequence=watch.version, now=now)
        await make_check_due(connection, emplids, "parked", now)
    return len(emplids)


async def _suspect(
    connection: Connection, consumer: Consumer, dossier: Dossier, record: Record, now: datetime, guard: Guard
) -> None:
    """Its row stays as it is until the message runs; a read below its sequence is older than what it tells."""
    try:
        envelope = read(consumer, record.topic, record.headers, record.value, await consumer.validators(connection))
    except Reject:
        return
    if envelope is None:
        return
    entry = entry_of(envelope.event)  # type: ignore[arg-type]  # the topic holds nothing else
    if entry.source_seq <= dossier.known.enrollments.floors.get(entry.strm, -1):
        return
    event = envelope.event
    act, actor = getattr(event, "enrl_request_id", None), getattr(event, "actor", None)
    origin = Provenance(envelope.id, min(envelope.time, now), now, act, actor)
    for taken in acts_of(dossier, entry, origin):
        if not await connection.fetchval(sql.act_was_told, dossier.emplid, taken.first.act):
            await connection.execute(sql.raise_sequence, dossier.emplid, entry.source_seq, now)
            await publish_loss(connection, dossier, taken, now, guard)
