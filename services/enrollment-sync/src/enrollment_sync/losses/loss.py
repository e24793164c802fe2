"""What one term lost, and what shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cpt.campus.clock import eastern_date
from enrollment_sync.domain import Cause, Enrollments, QualifyingClass, Row, TermWithdrawal, loss_cause
from enrollment_sync.known import Entry, Known
from enrollment_sync.origin import Key, Origin


@dataclass(frozen=True, slots=True)
class Loss:
    """`gone`: the class that no longer qualifies, where a change showed it; `was` and `row`: before and now;
    `withdrawal`: the term withdrawal that ends the row.
    """

    strm: str
    gone: QualifyingClass | None
    was: Row | None
    row: Row | None
    withdrawal: TermWithdrawal | None
    origin: Origin
    cause: Cause
    effective_on: date
    source_seq: int

    @property
    def class_nbr(self) -> str | None:
        return self.gone.class_nbr if self.gone else (self.row.class_nbr if self.row else None)

    @property
    def course(self) -> str | None:
        return self.gone.course if self.gone else (" ".join(self.row.course) if self.row else None)

    @property
    def act(self) -> str:
        """Rows of one enrollment request, and every row of a term withdrawal, are one causing act (P25)."""
        return self.origin.act or f"{self.strm}/{'' if self.withdrawal else self.class_nbr}/{self.source_seq}"


def loss_shown(strm: str, gone: QualifyingClass | None, before: Known, after: Known, now: datetime) -> Loss:
    """As everything known now shows it."""
    row, withdrawal = _row(after.enrollments, strm, gone), after.enrollments.withdrawal(strm)
    ends = withdrawal is not None and (row is None or withdrawal.ends(row))
    entry = withdrawal if ends else row
    was = _row(before.enrollments, strm, gone)
    return _loss(strm, gone, was, row, entry, _origin(after.origins, entry, now), after.enrollments, now)


def loss_overtaken(gone: QualifyingClass, entry: Entry, origin: Origin, then: Enrollments, known: Known) -> Loss:
    """As an event tells it that later acts have overtaken: with its own evidence, not with what came after (P26)."""
    row = entry if isinstance(entry, Row) else _row(known.enrollments, entry.strm, gone)
    was = _row(known.enrollments, entry.strm, gone)
    return _loss(entry.strm, gone, was, row, entry, origin, then, origin.received_at)


def _loss(
    strm: str,
    gone: QualifyingClass | None,
    was: Row | None,
    row: Row | None,
    entry: Entry | None,
    origin: Origin,
    enrollments: Enrollments,
    now: datetime,
) -> Loss:
    withdrawal = entry if isinstance(entry, TermWithdrawal) else None
    cause: Cause = loss_cause(strm, gone, enrollments) if gone else "other"
    return Loss(
        strm=strm,
        gone=gone,
        was=was,
        row=row,
        withdrawal=withdrawal,
        origin=origin,
        cause="term_withdrawn" if withdrawal else cause,
        effective_on=entry.effective_dt if entry else eastern_date(now),
        source_seq=entry.source_seq if entry else enrollments.highest,
    )


def _row(enrollments: Enrollments, strm: str, gone: QualifyingClass | None) -> Row | None:
    """The class that is gone; else the row of the term that changed last."""
    rows = [row for row in enrollments.rows if row.strm == strm]
    if gone:
        return next((row for row in rows if row.class_nbr == gone.class_nbr), None)
    return max(rows, key=lambda row: row.source_seq, default=None)


def _origin(origins: Mapping[Key, Origin], entry: Entry | None, now: datetime) -> Origin:
    found = origins.get(entry.key) if entry else None
    return found or Origin("SPIRE read", now, now)
