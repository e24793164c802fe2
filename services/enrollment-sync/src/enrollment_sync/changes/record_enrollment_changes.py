"""EnrollmentChanged, TermWithdrawn and SessionWithdrawn: stored in any order, evaluated as a requirement and not as a row (P17–P26)."""

from collections.abc import Sequence
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
class ReceivedChange:
    """One event of the registrar, its `entry` as the student's record keeps it."""

    emplid: str
    entry: Entry
    origin: Provenance
    envelope: Envelope[CampusChange]

    @property
    def act(self) -> tuple[str, str]:
        """Rows of one enrollment request are one act (P24)."""
        return self.emplid, self.origin.act or f"{self.envelope.source} {self.envelope.id}"


async def record_enrollment_changes(
    connection: Connection, envelopes: Sequence[Envelope[CampusChange]], now: datetime, guard: Guard
) -> None:
    """Needs the locks of the students. All are read and written together; losses are decided act by act, each student's
    acts in the order of `source_seq` (P24). The codes of the events were judged when they were read (case 8).
    """
    received = [_received(envelope, now) for envelope in envelopes]
    ordered = sorted(received, key=lambda change: (change.emplid, change.entry.source_seq))
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


def _received(envelope: Envelope[CampusChange], now: datetime) -> ReceivedChange:
    """The time of an event is never later than its receipt (P24)."""
    event = envelope.event
    act = event.enrl_request_id if isinstance(event, EnrollmentChanged) else None
    actor = event.actor if isinstance(event, EnrollmentChanged) else None
    origin = Provenance(envelope.id, min(envelope.time, now), now, act, actor)
    return ReceivedChange(event.emplid, entry_of(event), origin, envelope)


def _acts(ordered: Sequence[ReceivedChange]) -> dict[tuple[str, str], list[ReceivedChange]]:
    """Rows of one enrollment request are folded, also where another row lies between (P24)."""
    acts: dict[tuple[str, str], list[ReceivedChange]] = {}
    for change in ordered:
        acts.setdefault(change.act, []).append(change)
    return acts


async def _apply(
    connection: Connection, dossier: Dossier, act: Sequence[ReceivedChange], now: datetime, guard: Guard
) -> list[dict[str, object]]:
    """Returns the rows of evidence to be saved."""
    evidence = []
    before = after = dossier.known
    for change in act:
        origin = replace(change.origin, added=adds(change.envelope.event, dossier.policy.codes))
        changed = after.apply_event(change.entry, origin)
        evidence.append(_evidence(change, now, applied=changed is not after))
        if changed is after:  # a later act was there already
            await record_superseded_loss(connection, dossier, change.entry, origin, now, guard)
        after = changed
    if after is before:
        return evidence
    dossier.learn(after)
    await ask_for_load(connection, dossier, now, guard)
    await detect_losses(connection, dossier, before, now, guard)
    await publish_gate_outcomes(connection, dossier, before, now)
    return evidence


def _evidence(change: ReceivedChange, now: datetime, *, applied: bool) -> dict[str, object]:
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
