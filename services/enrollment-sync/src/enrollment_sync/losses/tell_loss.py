"""RequirementLost: one for each causing act, with all the authorizations it hits (P25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from uuid_utils import uuid7

from cpt.contracts.enrollment import RequirementLost
from cpt.contracts.values import AuthorizationHit
from cpt.postgres import Connection
from enrollment_sync.adapt import state_of
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.guard import Guard, is_burst
from enrollment_sync.losses.left_of import left_of
from enrollment_sync.losses.loss import Loss
from enrollment_sync.losses.telling import hits, tell
from enrollment_sync.store import sql
from enrollment_sync.watch import Watch


@dataclass(frozen=True, slots=True)
class Act:
    """What one act took away: terms, and the watches that rested on each."""

    losses: tuple[Loss, ...]
    watches: Mapping[str, Sequence[Watch]]

    @property
    def requests(self) -> list[Watch]:
        found = {watch.request_id: watch for loss in self.losses for watch in self.watches[loss.strm]}
        return [found[request_id] for request_id in sorted(found)]


def acts(losses: Sequence[Loss], watches: Mapping[str, Sequence[Watch]]) -> list[Act]:
    """In the order in which they are given."""
    by_act: dict[str, list[Loss]] = {}
    for loss in losses:
        by_act.setdefault(loss.act, []).append(loss)
    return [Act(tuple(group), watches) for group in by_act.values()]


async def tell_loss(connection: Connection, dossier: Dossier, act: Act, now: datetime, guard: Guard) -> None:
    """The first term's evidence stands for the act; every term that a request lost is kept with it."""
    first, loss_id = act.losses[0], str(uuid7())
    held = await is_burst(connection, first.origin.happened_at, guard)
    times = (first.origin.happened_at, now)
    row = (loss_id, first.act, dossier.emplid, first.strm, first.class_nbr, first.source_seq, first.cause, *times, held)
    await connection.execute(sql.add_loss, *row)
    hit: list[AuthorizationHit] = []
    for loss in act.losses:
        for watch in act.watches[loss.strm]:
            await connection.execute(sql.add_loss_hit, loss_id, watch.request_id, loss.strm)
            if all(known.request_id != watch.request_id for known in hit):
                hit += hits(dossier, [watch], loss.strm, loss.effective_on)
    for watch in act.requests:
        await tell(connection, watch, _event(dossier, watch, first, loss_id, tuple(hit), now, held=held), now)


def _event(
    dossier: Dossier,
    watch: Watch,
    loss: Loss,
    loss_id: str,
    authorizations: tuple[AuthorizationHit, ...],
    now: datetime,
    *,
    held: bool,
) -> RequirementLost:
    return RequirementLost(
        request_id=watch.request_id,
        loss_id=loss_id,
        emplid=dossier.emplid,
        student_name=dossier.profile.name if dossier.profile else None,
        sevis_id=dossier.profile.sevis_id if dossier.profile else None,
        authorizations=authorizations,
        strm=loss.strm,
        class_nbr=loss.class_nbr,
        course=loss.course,
        previous=state_of(loss.was),
        current=state_of(loss.row),
        cause=loss.cause,
        effective_on=loss.effective_on,
        event_time=loss.origin.happened_at,
        received_at=loss.origin.received_at,
        detected_at=max(now, loss.origin.received_at),  # the batch began before it came to this event
        actor=loss.origin.actor,
        evidence=loss.origin.told_by,
        held=held,
        **left_of(dossier, watch, loss.strm),
    )
