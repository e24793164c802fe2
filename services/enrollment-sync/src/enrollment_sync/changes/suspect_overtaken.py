"""A loss that arrives below an applied re-add: recorded as a suspicion that is closed already (P26, case 50)."""

from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.domain import as_if_latest, transition
from enrollment_sync.dossier import Dossier
from enrollment_sync.evaluating import Inputs
from enrollment_sync.known import Entry
from enrollment_sync.losses.tell_losses import Loss, tell_loss, tell_regained
from enrollment_sync.origin import Origin


async def suspect_overtaken(
    connection: Connection, dossier: Dossier, entry: Entry, origin: Origin, now: datetime
) -> None:
    """What the event would have meant in its time; acts from before the issuance are history."""
    for watch in dossier.issued:
        inputs = dossier.inputs(watch, dossier.known)
        assert watch.issued is not None
        stands = entry.strm not in dossier.lost.get(watch.request_id, frozenset())
        if inputs is None or entry.source_seq <= watch.issued.baseline_seq or not stands:
            continue
        now_met = inputs.evaluate(dossier.calendar)
        enrollments = as_if_latest(dossier.known.enrollments, entry)
        then = Inputs(inputs.facts, inputs.student, enrollments, inputs.unreadable).evaluate(dossier.calendar)
        for change in transition(now_met, then):
            if change.kind == "lost" and change.strm in watch.issued.strms:
                loss = Loss(change.strm, change.gone[0], origin.act)
                await tell_loss(connection, dossier, dossier.known, [watch], loss, now)
                await tell_regained(connection, dossier, [watch], change.strm, change.gone[0], now, by="event")
