"""After a read: facts of the student's status and the full load are told once each, by a RequirementLost of their kind."""

from collections.abc import Iterator
from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.find_facts import load_falls, remember, status_facts
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.loss import Loss
from enrollment_sync.losses.publish_loss import Act, publish_loss
from enrollment_sync.store import save_watch, sql
from enrollment_sync.watch import Watch


async def detect_fact_changes(connection: Connection, dossier: Dossier, now: datetime, guard: Guard) -> None:
    """Needs the student's lock. One lecture dropped is one loss, whatever number of authorizations runs beside it."""
    acts: dict[str, list[tuple[Watch, Loss]]] = {}
    for watch, loss in _found(dossier, now):
        acts.setdefault(f"load/{loss.act}" if loss.kind == "load" else loss.act, []).append((watch, loss))
    await connection.execute(sql.end_status_facts, dossier.emplid, list(acts), now)
    for losses in acts.values():
        if not await connection.fetchval(sql.kind_was_told, dossier.emplid, losses[0][1].act, losses[0][1].kind):
            await publish_loss(connection, dossier, Act(losses), now, guard)
    for watch in dossier.issued:
        assert watch.issued is not None
        if (known := remember(watch.issued, dossier, watch)) != watch.issued:
            watch.issued = known
            await save_watch(connection, watch)


def _found(dossier: Dossier, now: datetime) -> Iterator[tuple[Watch, Loss]]:
    for watch in dossier.issued:
        yield from ((watch, loss) for loss in status_facts(dossier, watch, now))
        yield from ((watch, loss) for loss in load_falls(dossier, watch, now))
