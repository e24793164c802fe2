"""RequirementLost: one for each causing act, with all the authorizations it hits (P25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from uuid_utils import uuid7

from cpt.contracts.enrollment import RequirementLost
from cpt.contracts.values import AuthorizationHit
from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier, Hit, Kind
from enrollment_sync.losses.find_changes import RequirementChange
from enrollment_sync.losses.guard import Guard, is_burst
from enrollment_sync.losses.loss import Loss
from enrollment_sync.losses.publish_for_watch import authorization_hits, publish_for_watch
from enrollment_sync.losses.remaining_load import remaining_load
from enrollment_sync.mapping import state_of
from enrollment_sync.store import sql
from enrollment_sync.watch import Watch


@dataclass(frozen=True, slots=True)
class Act:
    """What one act took away, and the watches it concerns; `unnamed`: the course of the term was never named, so that the
    authorization may rest on another one.
    """

    losses: Sequence[tuple[Watch, Loss]]
    unnamed: bool = False

    @property
    def first(self) -> Loss:
        """The loss whose evidence the event carries."""
        return min((loss for _, loss in self.losses), key=lambda loss: loss.strm)

    @property
    def requests(self) -> list[Watch]:
        found = {watch.request_id: watch for watch, _ in self.losses}
        return [found[request_id] for request_id in sorted(found)]


def acts(changes: Sequence[RequirementChange]) -> list[Act]:
    """Grouped by act, in the given order; certain and `unnamed` losses of one act are two."""
    by_act: dict[tuple[str, bool], list[tuple[Watch, Loss]]] = {}
    for change in changes:
        assert change.loss is not None
        by_act.setdefault((change.loss.act, change.what == "unnamed"), []).append((change.watch, change.loss))
    return [Act(losses, unnamed) for (_, unnamed), losses in by_act.items()]


async def publish_loss(connection: Connection, dossier: Dossier, act: Act, now: datetime, guard: Guard) -> str:
    """Returns the id of the loss. Every term that a request lost is saved with it."""
    first, loss_id = act.first, str(uuid7())
    held = await is_burst(connection, first.origin.happened_at, guard)
    kind: Kind = "unnamed" if act.unnamed else first.kind
    await add_loss(connection, dossier, first, loss_id, now, kind, held=held)
    hit: list[AuthorizationHit] = []
    for watch, loss in act.losses:
        await add_hit(connection, dossier, watch, loss, loss_id, kind, now)
        if all(known.request_id != watch.request_id for known in hit):
            hit += authorization_hits(dossier, [watch], loss.strm, loss.effective_on, now)
    for watch in act.requests:
        event = _event(dossier, watch, first, loss_id, tuple(hit), now, held=held, unnamed=act.unnamed)
        await publish_for_watch(connection, watch, event, now)
    return loss_id


async def add_loss(
    connection: Connection, dossier: Dossier, loss: Loss, loss_id: str, now: datetime, kind: Kind, *, held: bool
) -> None:
    row = (loss_id, loss.act, dossier.emplid, loss.strm, loss.class_nbr, loss.source_seq, loss.cause)
    await connection.execute(sql.add_loss, *row, loss.origin.happened_at, now, held, kind)


async def add_hit(
    connection: Connection,
    dossier: Dossier,
    watch: Watch,
    loss: Loss,
    loss_id: str,
    kind: Kind,
    now: datetime,
    replacement: str | None = None,
) -> None:
    await connection.execute(sql.add_loss_hit, loss_id, watch.request_id, loss.strm, replacement, loss.part)
    hit = Hit(loss_id, watch.request_id, loss.strm, kind, loss.class_nbr, None, replacement, now, loss.part)
    dossier.hits = (*dossier.hits, hit)


def _event(
    dossier: Dossier,
    watch: Watch,
    loss: Loss,
    loss_id: str,
    authorizations: tuple[AuthorizationHit, ...],
    now: datetime,
    *,
    held: bool,
    unnamed: bool,
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
        kind=loss.kind if loss.kind in {"status", "load"} else "enrollment",
        unnamed=unnamed,
        **remaining_load(dossier, loss.strm, loss.class_nbr),
    )
