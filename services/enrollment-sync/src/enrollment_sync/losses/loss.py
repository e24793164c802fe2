"""What one term lost, and what shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cpt.campus.clock import eastern_date
from enrollment_sync.domain import (
    Cause,
    Codes,
    Enrollments,
    QualifyingClass,
    Row,
    TermWithdrawal,
    loss_cause,
    withdrawn_by,
)
from enrollment_sync.dossier import Kind
from enrollment_sync.enrollment_record import EnrollmentRecord, Entry
from enrollment_sync.provenance import Key, Provenance


@dataclass(frozen=True, slots=True)
class Loss:
    """`gone`: the class that no longer qualifies, where a change showed it; `was` and `row`: before and now;
    `withdrawal`: the one from the term or the session that ends the row; `named`: the course that was looked for;
    `part`: it, where it is one of several of its term.
    """

    strm: str
    gone: QualifyingClass | None
    was: Row | None
    row: Row | None
    withdrawal: TermWithdrawal | None
    origin: Provenance
    cause: Cause
    effective_on: date
    source_seq: int
    kind: Kind = "enrollment"
    named: str | None = None
    part: str = ""

    @property
    def class_nbr(self) -> str | None:
        return self.gone.class_nbr if self.gone else (self.row.class_nbr if self.row else None)

    @property
    def course(self) -> str | None:
        return self.gone.course if self.gone else (" ".join(self.row.course) if self.row else self.named)

    @property
    def act(self) -> str:
        """Rows of one enrollment request, and every row of a withdrawal, are one causing act (P25)."""
        return self.origin.act or f"{self.strm}/{'' if self.withdrawal else self.class_nbr}/{self.source_seq}"


def loss_shown(
    strm: str,
    gone: QualifyingClass | None,
    row: Row | None,
    before: EnrollmentRecord,
    after: EnrollmentRecord,
    now: datetime,
    codes: Codes,
) -> Loss:
    """As everything known now shows it; `row`: the class as it stands now, None where SPIRE shows none."""
    enrollments = after.enrollments
    withdrawal = enrollments.ending(row, codes) if row else _latest_withdrawal(enrollments, strm, codes)
    entry = withdrawal or row
    was = next((old for old in before.enrollments.rows if row and old.key == row.key), None) or _row(before, strm, gone)
    return _loss(strm, gone, was, row, entry, _origin(after.origins, entry, now), enrollments, now, codes)


def loss_overtaken(
    gone: QualifyingClass, entry: Entry, origin: Provenance, then: Enrollments, known: EnrollmentRecord, codes: Codes
) -> Loss:
    """As an event tells it that later acts have overtaken: with its own evidence, not with what came after (P26)."""
    was = _row(known, entry.strm, gone)
    row = entry if isinstance(entry, Row) else was
    return _loss(entry.strm, gone, was, row, entry, origin, then, origin.received_at, codes)


def _loss(
    strm: str,
    gone: QualifyingClass | None,
    was: Row | None,
    row: Row | None,
    entry: Entry | None,
    origin: Provenance,
    enrollments: Enrollments,
    now: datetime,
    codes: Codes,
) -> Loss:
    withdrawal = entry if isinstance(entry, TermWithdrawal) else None
    cause: Cause = loss_cause(strm, gone, enrollments, codes) if gone else "other"
    return Loss(
        strm=strm,
        gone=gone,
        was=was,
        row=row,
        withdrawal=withdrawal,
        origin=origin,
        cause=withdrawn_by(withdrawal) if withdrawal else cause,
        effective_on=entry.effective_dt if entry else eastern_date(now),
        source_seq=entry.source_seq if entry else enrollments.highest,
    )


def _row(known: EnrollmentRecord, strm: str, gone: QualifyingClass | None) -> Row | None:
    rows = (row for row in known.enrollments.rows if gone and (row.strm, row.class_nbr) == (strm, gone.class_nbr))
    return next(rows, None)


def _latest_withdrawal(enrollments: Enrollments, strm: str, codes: Codes) -> TermWithdrawal | None:
    """What may explain that nothing is left, though no row tells it."""
    ours = (entry for entry in enrollments.withdrawals if entry.strm == strm and entry.stands(codes))
    return max(ours, key=lambda entry: entry.source_seq, default=None)


def _origin(origins: Mapping[Key, Provenance], entry: Entry | None, now: datetime) -> Provenance:
    found = origins.get(entry.key) if entry else None
    return found or Provenance("SPIRE read", now, now, by_read=True)
