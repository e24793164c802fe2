"""A loss that arrives below an applied re-add: recorded as a suspicion that is closed already (P26, case 50)."""

from collections import defaultdict
from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.domain import QualifyingClass, as_if_latest, transition
from enrollment_sync.dossier import Dossier
from enrollment_sync.evaluating import Inputs
from enrollment_sync.known import Entry
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.loss import loss_overtaken
from enrollment_sync.losses.tell_loss import acts, tell_loss
from enrollment_sync.losses.tell_regained import tell_regained
from enrollment_sync.origin import Origin
from enrollment_sync.store import sql
from enrollment_sync.watch import Watch


async def suspect_overtaken(
    connection: Connection, dossier: Dossier, entry: Entry, origin: Origin, now: datetime, guard: Guard
) -> None:
    """What the event would have meant in its time; acts from before the issuance are history, and so is one that
    was told already.
    """
    watches: dict[str, list[Watch]] = defaultdict(list)
    gone: QualifyingClass | None = None
    for watch in dossier.issued:
        if lost := _lost(dossier, watch, entry):
            gone = lost
            watches[entry.strm].append(watch)
    if gone is None:
        return
    loss = loss_overtaken(gone, entry, origin, as_if_latest(dossier.known.enrollments, entry), dossier.known)
    if await connection.fetchval(sql.act_was_told, dossier.emplid, loss.act):
        return
    for act in acts([loss], watches):
        await tell_loss(connection, dossier, act, now, guard)
        await tell_regained(connection, dossier, act.requests, entry.strm, gone, now, by="event")


def _lost(dossier: Dossier, watch: Watch, entry: Entry) -> QualifyingClass | None:
    """The class whose loss the event would have been for this authorization."""
    inputs = dossier.inputs(watch, dossier.known)
    assert watch.issued is not None
    stands = entry.strm not in dossier.lost.get(watch.request_id, frozenset())
    if inputs is None or entry.source_seq <= watch.issued.baseline_seq or not stands:
        return None
    enrollments = as_if_latest(dossier.known.enrollments, entry)
    then = Inputs(inputs.facts, inputs.student, enrollments, inputs.unreadable).evaluate(dossier.calendar)
    changes = transition(inputs.evaluate(dossier.calendar), then)
    lost = (c for c in changes if c.kind == "lost" and c.strm == entry.strm and c.strm in watch.issued.strms)
    return next((change.gone[0] for change in lost), None)
