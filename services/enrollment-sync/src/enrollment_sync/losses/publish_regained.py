"""RequirementRegained: a loss ends when a read shows all it hit met again; an event alone annotates it (P25, P26)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from cpt.contracts.enrollment import RequirementRegained
from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier, Hit
from enrollment_sync.losses.find_changes import RequirementChange
from enrollment_sync.losses.publish_for_watch import publish_for_watch
from enrollment_sync.store import sql


async def publish_regained(
    connection: Connection, dossier: Dossier, changes: Sequence[RequirementChange], now: datetime, *, confirmed: bool
) -> None:
    """All of one loss, or of one of its courses; a request is told of when nothing of the loss is left to it.
    `confirmed`: by a read begun after the re-add arrived.
    """
    first = changes[0]
    assert first.hit is not None
    loss_id, strm, requests = first.hit.loss_id, first.strm, [change.watch.request_id for change in changes]
    if confirmed:
        await connection.execute(sql.regain_hits, loss_id, requests, strm, first.hit.course)
        await connection.execute(sql.close_regained_losses, [loss_id], now)
    else:
        stays = first.stays.class_nbr if first.stays else None
        await connection.execute(sql.annotate_hits, loss_id, requests, strm, now, stays, first.hit.course)
    dossier.hits = tuple(_after(dossier, set(requests), first.hit, now, confirmed=confirmed))
    open_ = {hit.request_id for hit in dossier.hits if hit.loss_id == loss_id and (confirmed or not hit.annotated_at)}
    back = [request_id for request_id in requests if request_id not in open_]
    for change in (change for change in changes if change.watch.request_id in back):
        event = RequirementRegained(
            request_id=change.watch.request_id,
            loss_id=loss_id,
            emplid=dossier.emplid,
            request_ids=tuple(back),
            by=_by(first, confirmed=confirmed),
            at=now,
            confirmed_by_read=confirmed,
        )
        await publish_for_watch(connection, change.watch, event, now)


def _by(change: RequirementChange, *, confirmed: bool) -> Literal["re_added", "swapped", "read"]:
    """Of what an event had told already, a read only confirms it."""
    assert change.hit is not None
    if change.what == "swapped":
        return "swapped"
    return "re_added" if not confirmed or change.hit.annotated_at else "read"


def _after(dossier: Dossier, requests: set[str], ended: Hit, now: datetime, *, confirmed: bool) -> list[Hit]:
    left = []
    for hit in dossier.hits:
        same = (hit.loss_id, hit.strm, hit.course) == (ended.loss_id, ended.strm, ended.course)
        concerned = hit.request_id in requests and same
        if not concerned:
            left.append(hit)
        elif not confirmed:
            left.append(replace(hit, annotated_at=now))
    return left
