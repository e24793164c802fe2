"""A counter from outside is not trusted without end: what SPIRE itself never comes to cannot have happened (P17, case 85)."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from cpt.postgres import Connection
from enrollment_sync.domain import StaleRead
from enrollment_sync.dossier import Dossier
from enrollment_sync.enrollment_record import EnrollmentRecord, Entry
from enrollment_sync.spire import StudentRead
from enrollment_sync.store import sql, write_audit

log = structlog.get_logger()

ENOUGH_READS = 3
"""Begun after the event arrived."""
ALARM = "sequence_impossible"


async def overrule_impossible(
    connection: Connection, dossier: Dossier, read: StudentRead, now: datetime, patience: timedelta
) -> EnrollmentRecord | None:
    """What is known with SPIRE's answer in place of what is impossible; None while it may still be merely late.

    What arrived too recently to be impossible stays on top of the answer. Annotations fall with the events that made
    them, so that a loss they hid stands again.
    """
    reads = (*dossier.stale_reads, read.began)[-ENOUGH_READS:]

    def outlived(received_at: datetime) -> bool:
        return len(reads) == ENOUGH_READS and received_at < reads[0] and now - received_at >= patience

    if any(hit.detected_at > read.began for hit in dossier.hits):
        return None  # it began before that loss was told, and knows nothing of it
    told = min(term.source_seq for term in read.terms)
    rest, young = dossier.known.overruled(told, outlived)
    above = [entry for entry in _entries(dossier.known) if entry.source_seq > told]
    impossible = [entry for entry in above if entry not in young]
    counter = dossier.source_seq > told and not above and dossier.sequence_at is not None
    if not impossible and not (counter and outlived(dossier.sequence_at or now)):
        return None
    try:
        after = rest.apply_read(read.terms, dossier.policy.codes)
    except StaleRead:
        return None
    for entry in young:
        after = after.apply_event(entry, dossier.known.origins[entry.key])
    await _take_back(connection, dossier, after.enrollments.highest, impossible, now)
    return after


async def _take_back(
    connection: Connection, dossier: Dossier, highest: int, impossible: list[Entry], now: datetime
) -> None:
    dossier.source_seq = highest
    await connection.execute(sql.take_sequence_back, dossier.emplid, highest)
    for watch in dossier.issued:
        assert watch.issued is not None
        baseline = min(watch.issued.baseline_seq, highest)
        watch.issued = watch.issued.model_copy(update={"baseline_seq": baseline})
    await connection.execute(sql.take_back_annotations, dossier.emplid)
    dossier.hits = tuple(replace(hit, annotated_at=None) for hit in dossier.hits)
    for request_id in dossier.request_ids:
        acts = [f"{entry.strm}/{entry.source_seq}" for entry in impossible]
        await write_audit(connection, now, "enrollment-sync", "event_impossible", request_id, acts=acts)
    await connection.execute(sql.park_impossible, dossier.emplid, [entry.source_seq for entry in impossible])
    message = "The registrar sent events with sequence numbers that SPIRE has not reached; SPIRE's rows count (P17)."
    await connection.execute(sql.raise_alarm, ALARM, "campus.enrollment", message, now)
    log.warning("events_impossible", count=len(impossible))


def _entries(known: EnrollmentRecord) -> tuple[Entry, ...]:
    return (*known.enrollments.rows, *known.enrollments.withdrawals)
