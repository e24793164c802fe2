"""After issuance each loss of a watched requirement is told once, with all authorizations it hits (P22, P25, P26)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.domain import Evaluation, QualifyingClass, TermChange, transition
from enrollment_sync.dossier import Dossier
from enrollment_sync.known import Known
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.loss import loss_shown
from enrollment_sync.losses.tell_loss import acts, tell_loss
from enrollment_sync.losses.tell_regained import Finder, tell_regained
from enrollment_sync.losses.tell_replaced import tell_replaced
from enrollment_sync.watch import Watch


@dataclass(slots=True)
class _Found:
    """Watches by term."""

    lost: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    regained: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    replaced: dict[str, list[Watch]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[str, QualifyingClass] = field(default_factory=dict)
    left: dict[str, QualifyingClass] = field(default_factory=dict)


async def weigh_losses(
    connection: Connection, dossier: Dossier, before: Known, now: datetime, guard: Guard, *, by: Finder = "event"
) -> None:
    """Compares `before` with what the dossier knows now, for every issued watch in one transaction; needs the
    student's lock. `by`: an event, or a read that found it.
    """
    found = _Found()
    for watch in dossier.issued:
        if compared := dossier.before_and_now(watch, before):
            _weigh(dossier, watch, *compared, found)
    losses = [loss_shown(strm, found.gone.get(strm), before, dossier.known, now) for strm in sorted(found.lost)]
    for act in acts(losses, found.lost):
        await tell_loss(connection, dossier, act, now, guard)
    for strm, watches in sorted(found.regained.items()):
        await tell_regained(connection, dossier, watches, strm, found.left.get(strm), now, by=by)
    for strm, watches in sorted(found.replaced.items()):
        loss = loss_shown(strm, found.gone[strm], before, dossier.known, now)
        await tell_replaced(connection, dossier, watches, loss, found.left[strm], now)
    _remember(dossier, found)


def _weigh(dossier: Dossier, watch: Watch, before: Evaluation, after: Evaluation, found: _Found) -> None:
    assert watch.issued is not None
    known_lost = dossier.lost.get(watch.request_id, frozenset())
    changes = {change.strm: change for change in transition(before, after)}
    new = _new_classes(before, after)
    for finding in after.findings:
        strm, change = finding.strm, changes.get(finding.strm)
        if strm not in watch.issued.strms or finding.outcome == "cannot_determine":
            continue
        if strm in known_lost:
            if finding.outcome == "met" and (left := next(iter((*finding.classes, *new)), None)):
                found.regained[strm].append(watch)
                found.left[strm] = left
        elif finding.outcome == "not_met" or _is(change, "lost"):
            found.lost[strm].append(watch)
        elif _is(change, "replaced"):
            found.replaced[strm].append(watch)
            found.left[strm] = finding.classes[0]
        if change is not None and change.gone:
            found.gone[strm] = change.gone[0]


def _new_classes(before: Evaluation, after: Evaluation) -> list[QualifyingClass]:
    """Of any term: a new row carries a co-op's other terms again (A13)."""
    known = {entry.class_nbr for finding in before.findings for entry in finding.classes}
    return [entry for finding in after.findings for entry in finding.classes if entry.class_nbr not in known]


def _remember(dossier: Dossier, found: _Found) -> None:
    for strm, request_id in _pairs(found.lost.items()):
        dossier.lost[request_id] = dossier.lost.get(request_id, frozenset()) | {strm}
    for strm, request_id in _pairs(found.regained.items()):
        dossier.lost[request_id] = dossier.lost.get(request_id, frozenset()) - {strm}


def _pairs(by_term: Iterable[tuple[str, list[Watch]]]) -> Iterable[tuple[str, str]]:
    return ((strm, watch.request_id) for strm, watches in by_term for watch in watches)


def _is(change: TermChange | None, kind: str) -> bool:
    return change is not None and change.kind == kind
