"""EnrollmentChanged, TermWithdrawn and SessionWithdrawn: stored in any order, evaluated as a requirement and not as a row (P17–P26)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from cpt.contracts.campus import EnrollmentChanged
from cpt.contracts.envelope import Envelope
from cpt.postgres import Connection
from enrollment_sync.changes.publish_gate_outcomes import publish_gate_outcomes
from enrollment_sync.changes.record_superseded_loss import record_superseded_loss
from enrollment_sync.courses.assume_courses import assume_courses
from enrollment_sync.dossier import Dossier
from enrollment_sync.enrollment_record import Entry
from enrollment_sync.losses.ask_for_load import ask_for_load
from enrollment_sync.losses.detect_losses import detect_losses
from enrollment_sync.losses.guard import Guard
from enrollment_sync.mapping import CampusChange, adds, entry_of
from enrollment_sync.provenance import Provenance
from enrollment_sync.store import calendar_in_force, load_dossiers, save_learned, sql, write_all


@dataclass(frozen=True, slots=True)
class Change:
    emplid: str
    entry: Entry
    origin: Provenance
    envelope: Envelope[CampusChange]

    @property
    def act(self) -> tuple[str, str]:
        """Rows of one enrollment request are one act (P24)."""
        return self.emplid, self.origin.act or f"{self.envelope.source} {self.envelope.id}"


_changes: ContextVar[list[Change]] = ContextVar("changes")


@asynccontextmanager
async def following(connection: Connection, now: datetime, guard: Guard) -> AsyncIterator[None]:
    """Around a batch: its changes are applied at its end, each student's acts in the order of `source_seq` (P24)."""
    changes: list[Change] = []
    token = _changes.set(changes)
    try:
        yield
    finally:
        _changes.reset(token)
    ordered = sorted(changes, key=lambda change: (change.emplid, change.entry.source_seq))
    if ordered:
        await _apply_all(connection, ordered, now, guard)


async def record_enrollment_change(envelope: Envelope[CampusChange], now: datetime) -> None:
    """Its codes were judged when it was read (case 8)."""
    event = envelope.event
    act = event.enrl_request_id if isinstance(event, EnrollmentChanged) else None
    actor = event.actor if isinstance(event, EnrollmentChanged) else None
    origin = Provenance(envelope.id, min(envelope.time, now), now, act, actor)
    _changes.get().append(Change(event.emplid, entry_of(event), origin, envelope))


async def _apply_all(connection: Connection, ordered: Sequence[Change], now: datetime, guard: Guard) -> None:
    """All students are read and written together; what is decided is decided act by act."""
    emplids = [change.emplid for change in ordered]
    dossiers = await load_dossiers(connection, emplids, await calendar_in_force(connection))
    before = {emplid: dossier.known for emplid, dossier in dossiers.items()}
    evidence: list[dict[str, object]] = []
    for (emplid, _), act in _acts(ordered).items():
        if dossier := dossiers.get(emplid):
            await assume_courses(connection, dossier, dossier.known, now)
            evidence += await _apply(connection, dossier, act, now, guard)
    await write_all(connection, sql.add_registrar_events, evidence)
    learned = [(before[emplid], dossier) for emplid, dossier in dossiers.items() if dossier.known is not before[emplid]]
    await save_learned(connection, learned, now)


def _acts(ordered: Sequence[Change]) -> dict[tuple[str, str], list[Change]]:
    """Rows of one enrollment request are folded, also where another row lies between (P24)."""
    acts: dict[tuple[str, str], list[Change]] = {}
    for change in ordered:
        acts.setdefault(change.act, []).append(change)
    return acts


async def _apply(
    connection: Connection, dossier: Dossier, act: Sequence[Change], now: datetime, guard: Guard
) -> list[dict[str, object]]:
    """Returns the evidence to be kept."""
    evidence = []
    before = after = dossier.known
    for change in act:
        origin = replace(change.origin, added=adds(change.envelope.event, dossier.policy.codes))
        told = after.told(change.entry, origin)
        evidence.append(_evidence(change, now, applied=told is not after))
        if told is after:
            await record_superseded_loss(connection, dossier, change.entry, origin, now, guard)
        after = told
    if after is before:
        return evidence
    dossier.learn(after)
    await ask_for_load(connection, dossier, now, guard)
    await detect_losses(connection, dossier, before, now, guard)
    await publish_gate_outcomes(connection, dossier, before, now)
    return evidence


def _evidence(change: Change, now: datetime, *, applied: bool) -> dict[str, object]:
    event = change.envelope.event
    return {
        "source": change.envelope.source,
        "event_id": change.envelope.id,
        "emplid": change.emplid,
        "type": change.envelope.type,
        "strm": event.strm,
        "class_nbr": event.class_nbr if isinstance(event, EnrollmentChanged) else None,
        "source_seq": event.source_seq,
        "happened_at": change.origin.happened_at,
        "received_at": now,
        "applied": applied,
        "data": event,
    }
