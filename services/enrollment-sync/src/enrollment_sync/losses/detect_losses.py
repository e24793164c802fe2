"""After issuance each loss of a watched requirement is published once, with all authorizations it hits (P22, P25, P26)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier, Hit
from enrollment_sync.due import make_check_due
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.losses.find_changes import Look, RequirementChange, What
from enrollment_sync.losses.follow_sections import follow_sections
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.publish_loss import acts, publish_loss
from enrollment_sync.losses.publish_regained import publish_regained
from enrollment_sync.losses.publish_replaced import publish_replaced
from enrollment_sync.watch import Watch


async def detect_losses(
    connection: Connection,
    dossier: Dossier,
    before: EnrollmentRecord,
    now: datetime,
    guard: Guard,
    *,
    read_began: datetime | None = None,
) -> None:
    """Compares `before` with what the dossier knows now, for every issued watch in one transaction; needs the
    student's lock. `read_began`: of the SPIRE read that found it, None where an event did.
    """
    await follow_sections(connection, dossier, before, now, guard.settling)
    changes = [change for watch in dossier.issued for change in _changes(dossier, watch, before, now, guard)]
    for act in acts(_of(changes, "lost", "unnamed")):
        await publish_loss(connection, dossier, act, now, guard)
    for group in _by_act(_of(changes, "replaced")):
        await publish_replaced(connection, dossier, group, now)
    met_again = [change for change in _of(changes, "regained", "swapped") if _is_news(change, read_began)]
    for group in _by_loss(met_again):
        await publish_regained(connection, dossier, group, now, confirmed=read_began is not None)
    if met_again and read_began is None:
        await make_check_due(connection, [dossier.emplid], "event", now)
    if read_began is not None:
        for group in _by_act(_of(met_again, "swapped")):
            await publish_replaced(connection, dossier, group, now)


def _changes(
    dossier: Dossier, watch: Watch, before: EnrollmentRecord, now: datetime, guard: Guard
) -> Iterable[RequirementChange]:
    for part in watch.parts():
        inputs = dossier.inputs(part.watch, dossier.known)
        if inputs is None or dossier.is_untouched(part.watch, before, inputs):
            continue
        if compared := dossier.before_and_now(part.watch, before):
            yield from Look(dossier, watch, part, before, inputs, now, guard.settling).changes(*compared)


def _is_news(change: RequirementChange, read_began: datetime | None) -> bool:
    """A read ends what was annotated before it began; an event annotates once (P25)."""
    assert change.hit is not None
    annotated = change.hit.annotated_at
    if read_began is None:
        return annotated is None
    return annotated is None or annotated <= read_began


def _of(changes: Iterable[RequirementChange], *whats: What) -> list[RequirementChange]:
    return [change for change in changes if change.what in whats]


def _by_act(changes: Sequence[RequirementChange]) -> list[list[RequirementChange]]:
    groups: dict[tuple[str, str, str], list[RequirementChange]] = {}
    for change in changes:
        assert change.loss is not None
        assert change.stays is not None
        groups.setdefault((change.loss.act, change.loss.part, change.stays.class_nbr), []).append(change)
    return list(groups.values())


def _by_loss(changes: Sequence[RequirementChange]) -> list[list[RequirementChange]]:
    groups: dict[tuple[str, str, What], list[RequirementChange]] = {}
    for change in changes:
        hit: Hit | None = change.hit
        assert hit is not None
        groups.setdefault((hit.loss_id, hit.course, change.what), []).append(change)
    return [groups[key] for key in sorted(groups)]
