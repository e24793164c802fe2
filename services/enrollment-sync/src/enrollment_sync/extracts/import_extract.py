"""One extract: compared with what is known, then told in one transaction, or held with its reason and nothing of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from uuid_utils import uuid7

from cpt.postgres import Connection, Database
from enrollment_sync.extracts.changes import Change, KnownRow, change_of, is_same, vanished
from enrollment_sync.extracts.fields import Entry, Fault, Key, Record, Scope
from enrollment_sync.extracts.read_extract import NotWhole
from enrollment_sync.extracts.report import Outcome, Report
from enrollment_sync.extracts.store import (
    keys_of_scopes,
    known_rows,
    lock_extracts,
    put_rows,
    put_scopes,
    scopes_of,
)
from enrollment_sync.extracts.store import sql as extracts_sql
from enrollment_sync.extracts.tell_changes import tell_changes
from enrollment_sync.store import sql, write_audit

Row = tuple[Entry | None, list[Fault]]
_BATCH = 2_000
_FEWEST, _SHARE = 10, 0.01
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Extract:
    """What is to be imported; `rows` may raise NotWhole to its very end. `name`, `size`, `modified_at`: of the file."""

    record: Record
    mode: Literal["full", "delta"]
    rows: Iterable[Row]
    name: str
    size: int
    modified_at: datetime
    taken_at: datetime


class NotTaken(Exception):
    """Nothing of the extract has any effect."""

    def __init__(self, outcome: Outcome, fault: Fault) -> None:
        super().__init__(fault.what)
        self.outcome, self.fault = outcome, fault


@dataclass(slots=True)
class _Reading:
    """What the rows have told so far; `seen`: each key's row, and a hash of what it says."""

    scopes: dict[Scope, datetime]
    report: Report
    seen: dict[Key, tuple[int, int]] = field(default_factory=dict)
    covered: set[Scope] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    unkeyed: int = 0


async def import_extract(
    database: Database, extract: Extract, now: datetime, by: str, *, min_share: float, accept_smaller: bool = False
) -> Report:
    """The report says what became of it. A refusal is kept, and an alarm until an extract of the record is taken."""
    report = Report(extract.record, extract.mode, extract.name, extract.taken_at)
    try:
        async with database.transaction() as connection:
            await _take(connection, extract, report, now, by, None if accept_smaller else min_share)
            await _record(connection, extract, report, now, by)
            await connection.execute(sql.clear_alarm, "extract_not_taken", extract.record, now)
    except NotTaken as refusal:
        report.refuse(refusal.outcome, refusal.fault)
        async with database.transaction() as connection:
            await _record(connection, extract, report, now, by)
            if report.outcome != "late":
                await connection.execute(sql.raise_alarm, "extract_not_taken", extract.record, refusal.fault.what, now)
    return report


async def _take(
    connection: Connection, extract: Extract, report: Report, now: datetime, by: str, min_share: float | None
) -> None:
    if extract.taken_at > now + _AHEAD:
        raise NotTaken(
            "refused", Fault(0, "", "", "was taken in the future", "See the file's name and the machine's clock.")
        )
    first = await lock_extracts(connection, now)
    reading = _Reading(await scopes_of(connection, extract.record), report)
    for batch in _batches(extract.rows):
        await _compare(connection, extract, reading, batch, first)
    _require_fit(extract, reading)
    gone = await _gone(connection, extract, reading, min_share) if extract.mode == "full" else []
    new = {key.emplid for key in reading.seen if key.scope not in reading.scopes} if extract.mode == "full" else set()
    told = await tell_changes(
        connection, extract.record, reading.changes, gone,
        first=first, taken_at=extract.taken_at, now=now, concerned=new,
    )  # fmt: skip
    if extract.mode == "full":
        await put_scopes(connection, extract.record, reading.covered, extract.taken_at)
    report.gone, report.events, report.due = len(gone), told.events, told.due
    await write_audit(connection, now, by, "extract_imported", extract.name, **report.numbers())


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    try:
        while batch := list(islice(iterator, _BATCH)):
            yield batch
    except NotWhole as error:
        raise NotTaken("refused", error.fault) from None


async def _compare(
    connection: Connection, extract: Extract, reading: _Reading, batch: Sequence[Row], first: int
) -> None:
    entries = [entry for entry in _fit(reading, batch) if _is_new(reading, entry)]
    known = await known_rows(connection, extract.record, [entry.key for entry in entries])
    unheard = list[Entry]()
    for entry in entries:
        was, scope = known.get(entry.key), entry.key.scope
        reading.covered.add(scope)
        if _is_older(extract, reading, entry, was):
            reading.report.older += 1
        elif was is None or not is_same(was, entry):
            change = change_of(entry, was, extract.taken_at)
            if was is None and extract.mode == "full" and scope not in reading.scopes:
                unheard.append(entry)
            else:
                reading.changes.append(change)
    await put_rows(connection, [(entry, first) for entry in unheard], extract.taken_at)
    report = reading.report
    report.first += len(unheard)
    report.changed = len(reading.changes)


def _fit(reading: _Reading, batch: Sequence[Row]) -> Iterator[Entry]:
    for entry, faults in batch:
        reading.report.rows += 1
        reading.report.add(faults)
        reading.unkeyed += entry is None
        if entry is not None:
            yield entry


def _is_new(reading: _Reading, entry: Entry) -> bool:
    """The same row twice counts once; two rows of one key that differ are a fault of the query: the first one is taken, and it is said."""
    said = hash(repr(sorted(entry.data.items())))
    number, before = reading.seen.setdefault(entry.key, (entry.row, said))
    if number == entry.row:
        return True
    reading.report.repeated += 1
    if before != said:
        do = "See which join of the query gives several rows for one; the first of them was taken."
        reading.report.add([Fault(entry.row, "", "", f"has the key of row {number} and says something else", do)])
    return False


def _is_older(extract: Extract, reading: _Reading, entry: Entry, was: KnownRow | None) -> bool:
    """Raises NotTaken for a full extract that was taken before what is known, whatever its name says."""
    floor = reading.scopes.get(entry.key.scope)
    if floor is not None and floor >= extract.taken_at:
        if extract.mode == "full":
            what = (
                f"was taken at {extract.taken_at:%Y-%m-%d %H:%M} UTC, not after the extract that was imported before it"
            )
            raise NotTaken("late", Fault(0, "", "", what, "Nothing needs to be done: what is known is newer."))
        return True
    if was is None:
        return False
    if was.updated and entry.updated and entry.updated < was.updated and extract.mode == "full":
        do = "See that the newest file was sent: its time is not that of its rows."
        raise NotTaken(
            "held",
            Fault(entry.row, "", "", "was changed since, as we were told: the extract is older than it says", do),
        )
    return was.as_of > extract.taken_at or bool(was.updated and entry.updated and entry.updated < was.updated)


def _require_fit(extract: Extract, reading: _Reading) -> None:
    """Raises NotTaken for a file that is empty, or whose rows are so often at fault that its mapping must be wrong."""
    report = reading.report
    if extract.mode == "full" and not report.rows:
        raise NotTaken(
            "refused",
            Fault(0, "", "", "the file has no rows", "See that the query finds students; nothing was changed."),
        )
    if report.faulty > max(_FEWEST, _SHARE * report.rows) or (report.rows and reading.unkeyed == report.rows):
        what = f"{report.faulty:,} of {report.rows:,} rows are at fault: the file is not as the mapping says"
        raise NotTaken(
            "refused", Fault(0, "", "", what, "Correct the mapping or the query, and import the file again.")
        )


async def _gone(connection: Connection, extract: Extract, reading: _Reading, min_share: float | None) -> list[Key]:
    """Raises NotTaken when so many rows are missing that the extract itself is the likelier cause (P19)."""
    known = await keys_of_scopes(connection, extract.record, reading.covered)
    gone = list(vanished(known, reading.seen, extract.taken_at))
    if reading.unkeyed:
        reading.report.kept = len(gone)
        return []
    if min_share is not None:
        _require_most(known, gone, min_share, extract.record)
    return gone


def _require_most(known: Iterable[Key], gone: Iterable[Key], min_share: float, record: Record) -> None:
    """In each term by itself: none must hide among the others."""
    had, lost = Counter(key.scope for key in known), Counter(key.scope for key in gone)
    for scope in sorted(lost):
        if lost[scope] > max(1, (1 - min_share) * had[scope]):
            name = f"term {scope.strm}" if scope.strm else record
            what = (
                f"{lost[scope]:,} of the {had[scope]:,} rows known of {name} are missing: nothing was taken as dropped"
            )
            do = "See that the query was not cut short. If they are gone indeed, import it again with --accept-smaller."
            raise NotTaken("held", Fault(0, "", "", what, do))


async def _record(connection: Connection, extract: Extract, report: Report, now: datetime, by: str) -> None:
    await connection.execute(
        extracts_sql.add_import, str(uuid7()), extract.record, extract.mode, extract.name[:500], extract.size,
        extract.modified_at, extract.taken_at, report.outcome, report.numbers(), by, now,
    )  # fmt: skip
