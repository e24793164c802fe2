"""After a restore: a loss that was told is not told again, and no check takes a number that was used (P3, P25, P39)."""

from collections.abc import Sequence
from datetime import datetime

from cpt.contracts.enrollment import RequirementLost
from cpt.postgres import Connection
from enrollment_sync.due import make_check_due
from enrollment_sync.store import sql, write_audit

ACT = "told before a restore"


async def restore_told(
    connection: Connection, check_no: int, losses: Sequence[RequirementLost], actor: str, now: datetime
) -> int:
    """How many losses this database had forgotten. Every watch is answered anew, under a higher number."""
    await connection.execute(sql.raise_checks, check_no)
    await connection.execute(sql.raise_check_floor, check_no)
    watched = [row["emplid"] for row in await connection.fetch(sql.students_with_open_watch)]
    await make_check_due(connection, watched, "restored", now)
    forgotten = set()
    for loss in losses:
        act = f"{ACT} {loss.loss_id}"
        row = (loss.loss_id, act, loss.emplid, loss.strm, loss.class_nbr, 0, loss.cause, loss.event_time)
        if await connection.fetchval(sql.restore_loss, *row, loss.detected_at, loss.held, _kind(loss)):
            forgotten.add(loss.loss_id)
        if loss.loss_id in forgotten:
            for hit in loss.authorizations:
                await connection.execute(sql.add_loss_hit, loss.loss_id, hit.request_id, loss.strm, None, "")
    await write_audit(connection, now, actor, "told_restored", "checks", check_no=check_no, losses=len(forgotten))
    return len(forgotten)


def _kind(loss: RequirementLost) -> str:
    return "unnamed" if loss.unnamed else loss.kind
