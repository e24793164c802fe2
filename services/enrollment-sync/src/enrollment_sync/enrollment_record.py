"""Everything SPIRE has told of one student, merged in any order of arrival (P17, P18)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from enrollment_sync.domain import (
    Codes,
    Enrollments,
    Row,
    TermWithdrawal,
    active,
    below,
    merge,
    merge_read,
    with_careers,
)
from enrollment_sync.provenance import Key, Origins, Provenance

Entry = Row | TermWithdrawal
RawRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TermRead:
    """One term as a read found it; `unreadable`: its rows with codes nobody here knows, as they were sent."""

    strm: str
    source_seq: int
    enrollments: Enrollments
    origins: Mapping[Key, Provenance]
    unreadable: tuple[RawRow, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrollmentRecord:
    """What is known of a student's enrollment, and from where. `unreadable` rows, by term, count neither for the student nor
    against them (case 8, P29).
    """

    enrollments: Enrollments = field(default_factory=Enrollments)
    origins: Origins | dict[Key, Provenance] = field(default_factory=dict)
    unreadable: Mapping[str, tuple[RawRow, ...]] = field(default_factory=dict)

    @property
    def unread_terms(self) -> tuple[str, ...]:
        return tuple(sorted(self.unreadable))

    def apply_event(self, entry: Entry, origin: Provenance) -> "EnrollmentRecord":
        """With what an event of the registrar shows; `self` itself where a later act is known already (P17)."""
        merged = merge(self.enrollments, entry)
        if merged is self.enrollments:
            return self
        rest = tuple(raw for raw in self.unreadable.get(entry.strm, ()) if not _mended(raw, entry))
        unreadable = {**self.unreadable, entry.strm: rest}
        return EnrollmentRecord(merged, self.origins | {entry.key: origin}, _without_empty(unreadable))

    def apply_read(self, terms: Iterable[TermRead], codes: Codes) -> "EnrollmentRecord":
        """With what a read of SPIRE shows, term by term in the order of `source_seq`. Raises `StaleRead` for one that is older than
        what is known (P17).
        """
        enrollments, origins, unreadable = self.enrollments, dict(self.origins), dict(self.unreadable)
        for term in map(self._with_careers, sorted(terms, key=lambda term: term.source_seq)):
            enrollments = merge_read(enrollments, term.strm, term.source_seq, term.enrollments)
            new = {key: origin for key, origin in term.origins.items() if not self._has(key, term)}
            origins |= {key: replace(origin, added=self._lacked(key, term.strm, codes)) for key, origin in new.items()}
            unreadable[term.strm] = term.unreadable
        return EnrollmentRecord(enrollments, _of(enrollments, origins), _without_empty(unreadable))

    def overruled(
        self, highest: int, outlived: Callable[[datetime], bool]
    ) -> tuple["EnrollmentRecord", tuple[Entry, ...]]:
        """Without the entries above what SPIRE itself knows; of these, those that SPIRE has outlived are impossible, and
        the rest is still to be told anew on top of its answer (P17).
        """
        entries: tuple[Entry, ...] = (*self.enrollments.rows, *self.enrollments.withdrawals)
        above = [entry for entry in entries if entry.source_seq > highest]
        young = tuple(entry for entry in above if not outlived(self.origins[entry.key].received_at))
        rest = below(self.enrollments, highest)
        return EnrollmentRecord(rest, _of(rest, self.origins), self.unreadable), young

    def entry(self, key: Key) -> Entry | None:
        entries: tuple[Entry, ...] = (*self.enrollments.rows, *self.enrollments.withdrawals)
        return next((entry for entry in entries if entry.key == key), None)

    def _with_careers(self, term: TermRead) -> TermRead:
        completed = with_careers(term.enrollments, self.enrollments)
        pairs = zip(term.enrollments.withdrawals, completed.withdrawals, strict=True)
        keys = {shown.key: entry.key for shown, entry in pairs}
        return replace(
            term, enrollments=completed, origins={keys.get(k, k): origin for k, origin in term.origins.items()}
        )

    def _has(self, key: Key, term: TermRead) -> bool:
        """The event that showed it first stays its origin."""
        mine = self.entry(key)
        theirs = EnrollmentRecord(term.enrollments).entry(key)
        return mine is not None and theirs is not None and mine.source_seq == theirs.source_seq

    def _lacked(self, key: Key, strm: str, codes: Codes) -> bool:
        """The first read of a term adds nothing: its classes were there all along (A24)."""
        mine = self.entry(key)
        return self.enrollments.known(strm) and not (isinstance(mine, Row) and active(mine, codes))


def _mended(raw: RawRow, entry: Entry) -> bool:
    return isinstance(entry, Row) and raw.get("class_nbr") == entry.class_nbr


def _of(enrollments: Enrollments, origins: Mapping[Key, Provenance]) -> dict[Key, Provenance]:
    entries: tuple[Entry, ...] = (*enrollments.rows, *enrollments.withdrawals)
    keys = {entry.key for entry in entries}
    return {key: origin for key, origin in origins.items() if key in keys}


def _without_empty(unreadable: Mapping[str, tuple[RawRow, ...]]) -> dict[str, tuple[RawRow, ...]]:
    return {strm: rows for strm, rows in unreadable.items() if rows}
