"""RequirementRegained: a loss ends when all it hit is met again (P25, P26)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from cpt.contracts.enrollment import RequirementRegained
from cpt.postgres import Connection
from enrollment_sync.domain import QualifyingClass
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.telling import tell
from enrollment_sync.store import sql
from enrollment_sync.watch import Watch

Finder = Literal["event", "read"]


async def tell_regained(
    connection: Connection,
    dossier: Dossier,
    watches: Sequence[Watch],
    strm: str,
    left: QualifyingClass | None,
    now: datetime,
    *,
    by: Finder,
) -> None:
    """The same class is a re-add, another one a swap."""
    rows = await connection.fetch(sql.regain_hits, [watch.request_id for watch in watches], strm)
    concerned: dict[str, list[Watch]] = {}
    for row in rows:
        watch = next(watch for watch in watches if watch.request_id == row["request_id"])
        concerned.setdefault(row["loss_id"], []).append(watch)
    await connection.execute(sql.close_regained_losses, sorted(concerned), now)
    lost = {row["loss_id"]: row["class_nbr"] for row in await connection.fetch(sql.lost_classes, sorted(concerned))}
    for loss_id, regained in sorted(concerned.items()):
        swapped = left is not None and left.class_nbr != lost[loss_id]
        for watch in regained:
            event = RequirementRegained(
                request_id=watch.request_id,
                loss_id=loss_id,
                emplid=dossier.emplid,
                request_ids=tuple(one.request_id for one in regained),
                by="swapped" if swapped else ("re_added" if by == "event" else "read"),
                at=now,
            )
            await tell(connection, watch, event, now)
