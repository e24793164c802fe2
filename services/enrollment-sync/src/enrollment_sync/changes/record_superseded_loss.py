"""A loss that arrives below an applied re-add: a suspicion that a read closes, at once where one lies above it (P26, case 50)."""

from dataclasses import replace
from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.domain import QualifyingClass, as_if_latest, transition
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import make_check_due
from enrollment_sync.enrollment_record import Entry
from enrollment_sync.losses.find_changes import RequirementChange
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.loss import Loss, loss_overtaken
from enrollment_sync.losses.publish_loss import Act, publish_loss
from enrollment_sync.losses.publish_regained import publish_regained
from enrollment_sync.mapping import facts_of
from enrollment_sync.provenance import Provenance
from enrollment_sync.store import sql
from enrollment_sync.watch import Part, Watch


async def record_superseded_loss(
    connection: Connection, dossier: Dossier, entry: Entry, origin: Provenance, now: datetime, guard: Guard
) -> None:
    """What the event would have meant in its time; acts from before the issuance are history, and so is one that
    was told already.
    """
    for act in acts_of(dossier, entry, origin):
        if not await connection.fetchval(sql.act_was_told, dossier.emplid, act.first.act):
            await _suspect(connection, dossier, entry, act, now, guard)


async def _suspect(
    connection: Connection, dossier: Dossier, entry: Entry, act: Act, now: datetime, guard: Guard
) -> None:
    gone = act.first.gone
    assert gone is not None
    by_read = _read_above(dossier, gone, entry)
    loss_id = await publish_loss(connection, dossier, act, now, guard)
    hits = {hit.request_id: hit for hit in dossier.hits if hit.loss_id == loss_id}
    changes = [RequirementChange("regained", watch, entry.strm, hit=hits[watch.request_id]) for watch, _ in act.losses]
    await publish_regained(connection, dossier, changes, now, confirmed=by_read)
    if not by_read:
        await make_check_due(connection, [dossier.emplid], "event", now)


def acts_of(dossier: Dossier, entry: Entry, origin: Provenance) -> list[Act]:
    """What an event that changes no row would have taken; what may be one that a CPT rests on apart from what is."""
    then, codes = as_if_latest(dossier.known.enrollments, entry), dossier.policy.codes
    found: dict[bool, list[tuple[Watch, Loss]]] = {}
    for watch in dossier.issued:
        if taken := _taken(dossier, watch, entry):
            gone, unnamed = taken
            loss = loss_overtaken(gone, entry, origin, then, dossier.known, codes)
            found.setdefault(unnamed, []).append((watch, loss))
    return [Act(losses, unnamed) for unnamed, losses in found.items()]


def _read_above(dossier: Dossier, gone: QualifyingClass, entry: Entry) -> bool:
    """Whether SPIRE itself has shown the class since, and not only an event that claims to be later (P17)."""
    known = dossier.known.enrollments
    row = next((row for row in known.rows if (row.strm, row.class_nbr) == (entry.strm, gone.class_nbr)), None)
    floor = known.floors.get(entry.strm, -1)
    return entry.source_seq <= floor and (row is None or row.source_seq <= floor)


def _taken(dossier: Dossier, watch: Watch, entry: Entry) -> tuple[QualifyingClass, bool] | None:
    """The class whose loss the event would have been for this authorization, and whether nobody has named it."""
    assert watch.issued is not None
    if entry.source_seq <= watch.issued.baseline_seq:
        return None
    return next((taken for part in watch.parts() if (taken := _taken_of(dossier, part, entry))), None)


def _taken_of(dossier: Dossier, part: Part, entry: Entry) -> tuple[QualifyingClass, bool] | None:
    hits = dossier.hits_of(part.watch.request_id, entry.strm)
    inputs = dossier.inputs(part.watch, dossier.known)
    stands = all(hit.annotated_at for hit in hits if hit.course in {"", part.course})
    if inputs is None or not stands:
        return None
    enrollments = as_if_latest(dossier.known.enrollments, entry)
    then = replace(inputs, enrollments=enrollments).evaluate(dossier.calendar, dossier.policy)
    changes = transition(inputs.evaluate(dossier.calendar, dossier.policy), then)
    unnamed = facts_of(inputs.facts, inputs.student, inputs.unnamed).named(entry.strm) is None
    for change in (one for one in changes if one.strm == entry.strm and one.strm in part.strms):
        left = {one.course for one in change.left}
        if gone := next((one for one in change.gone if unnamed or one.course not in left), None):
            return gone, unnamed and change.kind == "replaced"
    return None
