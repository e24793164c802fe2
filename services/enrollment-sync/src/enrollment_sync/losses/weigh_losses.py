"""After issuance each loss of a watched requirement is told once, with all authorizations it hits (P22, P25, P26)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from cpt.postgres import Connection
from enrollment_sync.domain import Evaluation, QualifyingClass, TermChange, transition
from enrollment_sync.dossier import Dossier
from enrollment_sync.known import Known
from enrollment_sync.losses.tell_losses import Loss, tell_loss, tell_regained, tell_replaced
from enrollment_sync.watch import Watch

Finder = Literal["event", "read"]


@dataclass(slots=True)
class _Found:
    """Watches by term."""

    lost: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    regained: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    replaced: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[str, QualifyingClass] = field(default_factory=dict)
    left: dict[str, QualifyingClass] = field(default_factory=dict)


async def weigh_losses(
    connection: Connection, dossier: Dossier, before: Known, act: str | None, now: datetime, *, by: Finder = "event"
) -> None:
    """Compares `before` with what the dossier knows now, for every issued watch in one transaction; needs the
    student's lock. `act`: what SPIRE calls the causing act; `by`: an event, or a read that found it.
    """
    found = _Found()
    for watch in dossier.issued:
        after = dossier.evaluate(watch, dossier.known)
        if after is not None:
            _weigh(dossier, watch, dossier.evaluate(watch, before), after, found)
    for strm, watches in sorted(found.lost.items()):
        loss = Loss(strm, found.gone.get(strm), act)
        await tell_loss(connection, dossier, before, watches, loss, now)
        for watch in watches:
            dossier.lost[watch.request_id] = dossier.lost.get(watch.request_id, frozenset()) | {strm}
    for strm, watches in sorted(found.regained.items()):
        await tell_regained(connection, dossier, watches, strm, found.left.get(strm), now, by=by)
        for watch in watches:
            dossier.lost[watch.request_id] = dossier.lost.get(watch.request_id, frozenset()) - {strm}
    for strm, watches in sorted(found.replaced.items()):
        await tell_replaced(connection, dossier, watches, strm, found.gone[strm], found.left[strm], now)


def _weigh(dossier: Dossier, watch: Watch, before: Evaluation | None, after: Evaluation, found: _Found) -> None:
    assert watch.issued is not None
    known_lost = dossier.lost.get(watch.request_id, frozenset())
    changes = {change.strm: change for change in (transition(before, after) if before else ())}
    for finding in after.findings:
        strm, change = finding.strm, changes.get(finding.strm)
        if strm not in watch.issued.strms or finding.outcome == "cannot_determine":
            continue
        if finding.classes and strm in known_lost:
            found.regained[strm].append(watch)
            found.left[strm] = finding.classes[0]
        elif strm not in known_lost and (finding.outcome == "not_met" or _is(change, "lost")):
            found.lost[strm].append(watch)
        elif strm not in known_lost and _is(change, "replaced"):
            found.replaced[strm].append(watch)
            found.left[strm] = finding.classes[0]
        if change is not None and change.gone:
            found.gone[strm] = change.gone[0]


def _is(change: TermChange | None, kind: str) -> bool:
    return change is not None and change.kind == kind
