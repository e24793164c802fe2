"""A student's rows merged from reads and events, the same whatever the order of arrival (P17, P18)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TypeVar

from enrollment_sync.domain.codes import Codes
from enrollment_sync.domain.rows import Row, TermWithdrawal

Entry = TypeVar("Entry", Row, TermWithdrawal)


class StaleRead(Exception):
    """SPIRE answered with less than an event has already told; the read is to be repeated (P17)."""


@dataclass(frozen=True, slots=True)
class Enrollments:
    """One student's. `floors`: for each term read completely, the `source_seq` of its last read."""

    rows: tuple[Row, ...] = ()
    withdrawals: tuple[TermWithdrawal, ...] = ()
    floors: Mapping[str, int] = field(default_factory=dict)

    @property
    def highest(self) -> int:
        """0 while nothing is known."""
        rows = (row.source_seq for row in self.rows)
        return max((*rows, *(entry.source_seq for entry in self.withdrawals), *self.floors.values()), default=0)

    def known(self, strm: str) -> bool:
        return strm in self.floors

    def in_term(self, emplid: str, strm: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.emplid == emplid and row.strm == strm)

    def ending(self, row: Row, codes: Codes) -> TermWithdrawal | None:
        """What ends the class though its row says nothing of it: the withdrawal from its term or its session, of which the
        last word counts, whether or not it named the career.
        """
        if not self.withdrawals:
            return None
        last: dict[str, TermWithdrawal] = {}
        for one in sorted(self.withdrawals, key=lambda one: one.source_seq):
            if one.concerns(row):
                last[one.session_code] = one
        return max((w for w in last.values() if w.ends(row, codes)), key=lambda w: w.source_seq, default=None)


def merge(known: Enrollments, event: Row | TermWithdrawal) -> Enrollments:
    """`known` itself when the event tells nothing new: at or below its term's floor, or no newer than its entry. The career
    of a withdrawal that a read has shown without is new.
    """
    if isinstance(event, TermWithdrawal) and (shown := replace(event, acad_career="")) in known.withdrawals:
        return replace(known, withdrawals=_newest((*(w for w in known.withdrawals if w != shown), event)))
    if event.source_seq <= known.floors.get(event.strm, -1):
        return known
    if isinstance(event, Row):
        rows = _newest((*known.rows, event))
        return replace(known, rows=rows) if event in rows and event not in known.rows else known
    withdrawals = _newest((*known.withdrawals, event))
    changed = event in withdrawals and event not in known.withdrawals
    return replace(known, withdrawals=withdrawals) if changed else known


def fold(known: Enrollments, events: Iterable[Row | TermWithdrawal]) -> Enrollments:
    """Drop and add of one enrollment request are one act, so nothing is evaluated between them (P24)."""
    return reduce(merge, events, known)


def merge_read(known: Enrollments, strm: str, source_seq: int, read: Enrollments) -> Enrollments:
    """The read replaces its term whole, vanished rows included (case 10); raises StaleRead below the highest."""
    if source_seq < known.highest:
        raise StaleRead(f"read at {source_seq}, already at {known.highest}")
    rows = _elsewhere(known.rows, strm) + tuple(row for row in read.rows if row.strm == strm)
    withdrawals = _elsewhere(known.withdrawals, strm) + tuple(w for w in read.withdrawals if w.strm == strm)
    return Enrollments(_newest(rows), _newest(withdrawals), {**known.floors, strm: source_seq})


def with_careers(read: Enrollments, known: Enrollments) -> Enrollments:
    """SPIRE's read need not say of which career a withdrawal is; the event of the same sequence did."""
    careers = {replace(one, acad_career=""): one for one in known.withdrawals}
    return replace(read, withdrawals=tuple(careers.get(one, one) for one in read.withdrawals))


def below(known: Enrollments, highest: int) -> Enrollments:
    """Without what was told above it: SPIRE itself has never come so far (P17)."""
    rows = tuple(row for row in known.rows if row.source_seq <= highest)
    withdrawals = tuple(entry for entry in known.withdrawals if entry.source_seq <= highest)
    return replace(known, rows=rows, withdrawals=withdrawals)


def as_if_latest(known: Enrollments, event: Row | TermWithdrawal) -> Enrollments:
    """What an overtaken event would have meant in its time: a loss in it is a closed suspicion (P26, case 50)."""
    return merge(known, replace(event, source_seq=known.highest + 1))


def _newest(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    latest: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        held = latest.get(entry.key)
        if held is None or held.source_seq < entry.source_seq:
            latest[entry.key] = entry
    return tuple(latest[key] for key in sorted(latest))


def _elsewhere(entries: tuple[Entry, ...], strm: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.strm != strm)
