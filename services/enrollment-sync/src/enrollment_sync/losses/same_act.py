"""What was added in the same act as a class was lost: only that can take its place (A24)."""

from datetime import timedelta

from enrollment_sync.domain import Facts, Policy, Row, looks_like_training, shortfall
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.provenance import Provenance


def took_its_place(
    known: EnrollmentRecord,
    lost: Row | None,
    strm: str,
    origin: Provenance,
    facts: Facts,
    window: timedelta,
    policy: Policy,
) -> list[Row]:
    """Classes that would carry the term, were they named; the likeliest first. `origin`: of the loss."""
    added = [
        row
        for row in known.enrollments.in_term(facts.emplid, strm)
        if row.is_primary
        and (lost is None or row.class_nbr != lost.class_nbr)
        and shortfall(row, known.enrollments.ending(row, policy.codes), facts, policy) is None
        and is_same_act(lost, origin, row, known.origins[row.key], window)
    ]
    return sorted(added, key=lambda row: (not looks_like_training(row.course, policy.codes), -row.source_seq))


def is_same_act(lost: Row | None, gone: Provenance, row: Row, came: Provenance, window: timedelta) -> bool:
    """One enrollment request, or both within the settling window. A read does not tell when a row came about: then only
    rows that took effect on one day count, and none whose enrollment requests differ.
    """
    if not came.added:
        return False
    if gone.act and gone.act == came.act:
        return True
    near = abs(gone.happened_at - came.happened_at) <= window
    if not (gone.by_read or came.by_read):
        return near
    differ = bool(gone.act and came.act)
    return near and not differ and (lost is None or lost.effective_dt == row.effective_dt)
