"""EnrollmentChanged and TermWithdrawn: stored in any order, evaluated as a requirement and not as a row (P17–P26)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from cpt.contracts.campus import EnrollmentChanged, TermWithdrawn
from cpt.contracts.envelope import Envelope
from cpt.postgres import Connection
from enrollment_sync.adapt import entry_of
from enrollment_sync.changes.suspect_overtaken import suspect_overtaken
from enrollment_sync.checks.due import make_check_due
from enrollment_sync.checks.publish_check import publish_check
from enrollment_sync.dossier import Dossier
from enrollment_sync.known import Entry, Known
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.weigh_losses import weigh_losses
from enrollment_sync.origin import Origin
from enrollment_sync.store import calendar_in_force, load_dossiers, save_learned, sql

CampusChange = EnrollmentChanged | TermWithdrawn


@dataclass(frozen=True, slots=True)
class Change:
    emplid: str
    entry: Entry
    origin: Origin
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


async def follow_change(envelope: Envelope[CampusChange], now: datetime) -> None:
    """Its codes were judged when it was read (case 8)."""
    event = envelope.event
    act = event.enrl_request_id if isinstance(event, EnrollmentChanged) else None
    actor = event.actor if isinstance(event, EnrollmentChanged) else None
    origin = Origin(envelope.id, min(envelope.time, now), now, act, actor)
    _changes.get().append(Change(event.emplid, entry_of(event), origin, envelope))


async def _apply_all(connection: Connection, ordered: Sequence[Change], now: datetime, guard: Guard) -> None:
    """All students are read and written together; what is decided is decided act by act."""
    emplids = [change.emplid for change in ordered]
    dossiers = await load_dossiers(connection, emplids, await calendar_in_force(connection))
    before = {emplid: dossier.known for emplid, dossier in dossiers.items()}
    evidence: list[tuple[object, ...]] = []
    for (emplid, _), act in _acts(ordered).items():
        if dossier := dossiers.get(emplid):
            evidence += await _apply(connection, dossier, act, now, guard)
    await connection.executemany(sql.add_registrar_event, evidence)
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
) -> list[tuple[object, ...]]:
    """Returns the evidence to be kept."""
    evidence = []
    before = after = dossier.known
    for change in act:
        told = after.told(change.entry, change.origin)
        evidence.append(_evidence(change, now, applied=told is not after))
        if told is after:
            await suspect_overtaken(connection, dossier, change.entry, change.origin, now, guard)
        after = told
    if after is before:
        return evidence
    dossier.learn(after)
    await weigh_losses(connection, dossier, before, now, guard)
    await _tell_gates(connection, dossier, before, now)
    return evidence


async def _tell_gates(connection: Connection, dossier: Dossier, before: Known, now: datetime) -> None:
    """Before issuance a loss closes the gate at once and reaches intake by a read (P20)."""
    unread = False
    for watch in dossier.watches:
        inputs = dossier.inputs(watch, dossier.known)
        unread = unread or inputs is None
        if inputs is None or watch.issued is not None:
            continue
        earlier, later = dossier.evaluate(watch, before), inputs.evaluate(dossier.calendar)
        if earlier is None or earlier.outcome == later.outcome:
            continue
        unread = unread or later.outcome != "met"
        await publish_check(connection, dossier, watch, inputs, (), now, unconfirmed=later.outcome == "not_met")
    if unread:
        await make_check_due(connection, [dossier.emplid], "event", now)


def _evidence(change: Change, now: datetime, *, applied: bool) -> tuple[object, ...]:
    event = change.envelope.event
    return (
        change.envelope.source,
        change.envelope.id,
        change.emplid,
        change.envelope.type,
        event.strm,
        event.class_nbr if isinstance(event, EnrollmentChanged) else None,
        event.source_seq,
        change.origin.happened_at,
        now,
        applied,
        event,
    )
