"""The events about losses, and their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from uuid_utils import uuid7

from cpt.campus.clock import eastern_date
from cpt.contracts.enrollment import QualifyingCourseReplaced, RequirementLost, RequirementRegained
from cpt.contracts.values import AuthorizationHit
from cpt.messaging import append
from cpt.postgres import Connection
from enrollment_sync.adapt import state_of
from enrollment_sync.domain import QualifyingClass, Row, TermWithdrawal, loss_cause
from enrollment_sync.dossier import Dossier
from enrollment_sync.known import Known
from enrollment_sync.losses.left_of import left_of
from enrollment_sync.origin import Origin
from enrollment_sync.store import save_watch, sql
from enrollment_sync.watch import Watch

GUARD_WINDOW = timedelta(minutes=10)
GUARD_SHARE, GUARD_MINIMUM = 0.05, 10


@dataclass(frozen=True, slots=True)
class Loss:
    """`gone`: the class that no longer qualifies, where a change showed it; `act`: SPIRE's name of the act."""

    strm: str
    gone: QualifyingClass | None
    act: str | None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What shows the loss: the row or the term withdrawal as it stands, and who told of it."""

    row: Row | None
    withdrawal: TermWithdrawal | None
    origin: Origin


async def tell_loss(
    connection: Connection, dossier: Dossier, before: Known, watches: Sequence[Watch], loss: Loss, now: datetime
) -> str:
    """One loss_id for all authorizations, published once for each request concerned; returns the id (P25)."""
    evidence = _evidence(dossier, loss, now)
    effective = _effective(evidence, now)
    row, was = evidence.row, _row(before, loss)
    cause = loss_cause(loss.strm, loss.gone, dossier.known.enrollments) if loss.gone else "other"
    held = await _is_burst(connection, evidence.origin.happened_at)
    loss_id = str(uuid7())
    hits = _hits(dossier, watches, loss.strm, effective)
    class_nbr = loss.gone.class_nbr if loss.gone else (row.class_nbr if row else None)
    seq = row.source_seq if row else dossier.source_seq
    act = loss.act or f"{loss.strm}/{class_nbr}/{seq}"
    times = (evidence.origin.happened_at, now)
    await connection.execute(
        sql.add_loss, loss_id, act, dossier.emplid, loss.strm, class_nbr, seq, cause, *times, held, "open", None
    )
    for watch in watches:
        await connection.execute(sql.add_loss_hit, loss_id, watch.request_id, loss.strm, False)
        event = RequirementLost(
            request_id=watch.request_id,
            loss_id=loss_id,
            emplid=dossier.emplid,
            student_name=dossier.profile.name if dossier.profile else None,
            sevis_id=dossier.profile.sevis_id if dossier.profile else None,
            authorizations=hits,
            strm=loss.strm,
            class_nbr=class_nbr,
            course=loss.gone.course if loss.gone else (" ".join(row.course) if row else None),
            previous=state_of(was),
            current=state_of(row),
            cause="term_withdrawn" if evidence.withdrawal else cause,
            effective_on=effective,
            event_time=evidence.origin.happened_at,
            received_at=evidence.origin.received_at,
            detected_at=now,
            actor=evidence.origin.actor,
            evidence=evidence.origin.told_by,
            held=held,
            **left_of(dossier, watch, loss.strm),
        )
        await _publish(connection, watch, event, now)
    return loss_id


async def tell_regained(
    connection: Connection,
    dossier: Dossier,
    watches: Sequence[Watch],
    strm: str,
    left: QualifyingClass | None,
    now: datetime,
    *,
    by: Literal["event", "read"],
) -> None:
    """The same class is a re-add, another one a swap; a loss ends when all it hit is met again."""
    ids = [watch.request_id for watch in watches]
    rows = await connection.fetch(sql.regain_hits, ids, strm)
    losses = sorted({row["loss_id"] for row in rows})
    await connection.execute(sql.close_regained_losses, losses, now)
    lost_classes = {row["loss_id"]: row["class_nbr"] for row in await connection.fetch(sql.lost_classes, losses)}
    for loss_id in losses:
        swapped = left is not None and left.class_nbr != lost_classes[loss_id]
        concerned = [
            watch
            for watch in watches
            if any((r["loss_id"], r["request_id"]) == (loss_id, watch.request_id) for r in rows)
        ]
        for watch in concerned:
            event = RequirementRegained(
                request_id=watch.request_id,
                loss_id=loss_id,
                emplid=dossier.emplid,
                request_ids=tuple(one.request_id for one in concerned),
                by="swapped" if swapped else ("re_added" if by == "event" else "read"),
                at=now,
            )
            await _publish(connection, watch, event, now)


async def tell_replaced(
    connection: Connection,
    dossier: Dossier,
    watches: Sequence[Watch],
    strm: str,
    gone: QualifyingClass,
    left: QualifyingClass,
    now: datetime,
) -> None:
    """Another qualifying course took its place: a notice (P26)."""
    evidence = _evidence(dossier, Loss(strm, gone, None), now)
    effective, loss_id = _effective(evidence, now), str(uuid7())
    for watch in watches:
        event = QualifyingCourseReplaced(
            request_id=watch.request_id,
            loss_id=loss_id,
            emplid=dossier.emplid,
            student_name=dossier.profile.name if dossier.profile else None,
            authorizations=_hits(dossier, watches, strm, effective),
            strm=strm,
            previous_course=gone.course,
            course=left.course,
            effective_on=effective,
            event_time=evidence.origin.happened_at,
            received_at=evidence.origin.received_at,
            detected_at=now,
        )
        await _publish(connection, watch, event, now)


async def _publish(
    connection: Connection,
    watch: Watch,
    event: RequirementLost | RequirementRegained | QualifyingCourseReplaced,
    now: datetime,
) -> None:
    await save_watch(connection, watch)
    await append(connection, event, sequence=watch.version, now=now)


async def _is_burst(connection: Connection, at: datetime) -> bool:
    """P27: grouped by event time, so that catching up after an outage is no burst."""
    row = await connection.fetchrow(sql.burst, at, GUARD_WINDOW)
    assert row is not None
    return bool(row["lost"] + 1 > max(GUARD_MINIMUM, GUARD_SHARE * row["watched"]))


def _hits(dossier: Dossier, watches: Sequence[Watch], strm: str, effective: date) -> tuple[AuthorizationHit, ...]:
    return tuple(w.issued.hit(w.request_id, strm, effective, dossier.calendar) for w in watches if w.issued)


def _row(known: Known, loss: Loss) -> Row | None:
    """The class that is gone; else the row of the term that changed last."""
    rows = [row for row in known.enrollments.rows if row.strm == loss.strm]
    if loss.gone:
        return next((row for row in rows if row.class_nbr == loss.gone.class_nbr), None)
    return max(rows, key=lambda row: row.source_seq, default=None)


def _evidence(dossier: Dossier, loss: Loss, now: datetime) -> _Evidence:
    known = dossier.known
    row, withdrawal = _row(known, loss), known.enrollments.withdrawal(loss.strm)
    ends = withdrawal is not None and (row is None or withdrawal.ends(row))
    entry = withdrawal if ends else row
    found = known.origins.get(entry.key) if entry else None
    return _Evidence(row, withdrawal if ends else None, found or Origin("SPIRE read", now, now))


def _effective(evidence: _Evidence, now: datetime) -> date:
    entry = evidence.withdrawal or evidence.row
    return entry.effective_dt if entry else eastern_date(now)
