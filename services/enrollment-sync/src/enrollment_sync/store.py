"""Students, their watches and what SPIRE told of them: rows in and out."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import asyncpg

from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.contracts.values import Facts, StudentProfile
from cpt.postgres import Connection, Queries
from enrollment_sync.domain import Enrollments, Row, TermWithdrawal
from enrollment_sync.dossier import Dossier
from enrollment_sync.known import Known
from enrollment_sync.origin import ORIGIN, Key, Origin
from enrollment_sync.watch import Issued, Watch

sql = Queries("enrollment_sync")

ROW_COLUMNS = tuple(field.name for field in fields(Row))
WITHDRAWAL_COLUMNS = tuple(field.name for field in fields(TermWithdrawal))


async def lock_students(connection: Connection, emplids: Iterable[str], *, new: Iterable[str] = ()) -> None:
    """In ascending order, before anything else (P16). `new`: those that may be heard of for the first time."""
    await connection.execute(sql.add_students, sorted(set(new)))
    await connection.fetch(sql.lock_students, sorted({*emplids, *new}))


async def calendar_in_force(connection: Connection) -> AcademicCalendar:
    form = await connection.fetchval(sql.latest_calendar)
    return AcademicCalendar.parse(form) if form else illustrative_calendar()


async def load_dossiers(
    connection: Connection, emplids: Iterable[str], calendar: AcademicCalendar
) -> dict[str, Dossier]:
    """Of those whom somebody watches. Needs the students' locks, once they are to be changed."""
    ids = sorted(set(emplids))
    watches = _by_student(await connection.fetch(sql.open_watches, ids))
    students = await connection.fetch(sql.find_students, list(watches))
    rows = _by_student(await connection.fetch(sql.rows_of, list(watches)))
    withdrawals = _by_student(await connection.fetch(sql.withdrawals_of, list(watches)))
    floors = _by_student(await connection.fetch(sql.floors_of, list(watches)))
    lost = await _load_lost(connection, [row["request_id"] for found in watches.values() for row in found])
    return {
        emplid: Dossier(
            emplid=emplid,
            source_seq=student["source_seq"],
            profile=StudentProfile.model_validate(student["profile"]) if student["profile"] else None,
            stale_since=student["stale_since"],
            watches=tuple(map(_watch_of, watches[emplid])),
            known=_known_of(rows.get(emplid, []), withdrawals.get(emplid, []), floors.get(emplid, [])),
            calendar=calendar,
            lost={row["request_id"]: lost[row["request_id"]] for row in watches[emplid] if row["request_id"] in lost},
            blind=student["blind"],
        )
        for student in students
        for emplid in [student["emplid"]]
    }


async def load_dossier(connection: Connection, emplid: str, calendar: AcademicCalendar) -> Dossier | None:
    """None for somebody nobody watches."""
    return (await load_dossiers(connection, [emplid], calendar)).get(emplid)


async def save_known(connection: Connection, dossier: Dossier, after: Known, now: datetime) -> None:
    """Writes what changed and raises the sequence; the dossier is as new afterwards."""
    before = dossier.known
    dossier.learn(after)
    await save_learned(connection, [(before, dossier)], now)
    await save_student(connection, dossier)


async def save_learned(connection: Connection, learned: Sequence[tuple[Known, Dossier]], now: datetime) -> None:
    """What the dossiers know now and did not before, in one statement for each table."""
    writes: dict[str, list[tuple[Any, ...]]] = {}
    for before, dossier in learned:
        for query, values in _changes(before, dossier, now):
            writes.setdefault(query, []).append(values)
    for query, rows in writes.items():
        await connection.executemany(query, rows)


async def save_student(connection: Connection, dossier: Dossier) -> None:
    await connection.execute(sql.save_student, dossier.emplid, dossier.profile, dossier.stale_since)


async def forget_if_unwatched(connection: Connection, emplid: str) -> None:
    """Nothing is kept of a student whom nobody watches but how far SPIRE's sequence had come (case 58)."""
    for query in (sql.forget_rows, sql.forget_withdrawals, sql.forget_floors, sql.forget_due, sql.forget_profile):
        await connection.execute(query, emplid)


async def save_watch(connection: Connection, watch: Watch) -> None:
    """Raises the version, which its events carry as their sequence."""
    watch.version = await connection.fetchval(
        sql.save_watch, watch.request_id, list(watch.checked_terms), watch.check_no, watch.published, watch.issued
    )


async def write_audit(
    connection: Connection, now: datetime, actor: str, action: str, subject: str, **detail: Any
) -> None:
    await connection.execute(sql.write_audit, now, actor, action, subject, detail)


async def students_of(connection: Connection, request_ids: Collection[str]) -> list[str]:
    rows = await connection.fetch(sql.students_of, list(request_ids))
    return [row["emplid"] for row in rows]


def _watch_of(row: asyncpg.Record) -> Watch:
    return Watch(
        request_id=row["request_id"],
        emplid=row["emplid"],
        facts=Facts.model_validate(row["facts"]),
        checked_terms=tuple(row["checked_terms"]),
        check_no=row["check_no"],
        published=row["published"],
        issued=Issued.model_validate(row["issued"]) if row["issued"] else None,
        version=row["version"],
    )


def _by_student(rows: Iterable[asyncpg.Record]) -> dict[str, list[asyncpg.Record]]:
    students: dict[str, list[asyncpg.Record]] = {}
    for row in rows:
        students.setdefault(row["emplid"], []).append(row)
    return students


def _known_of(
    rows: Sequence[asyncpg.Record], withdrawals: Sequence[asyncpg.Record], floors: Sequence[asyncpg.Record]
) -> Known:
    enrollments = Enrollments(
        tuple(Row(**{name: row[name] for name in ROW_COLUMNS}) for row in rows),
        tuple(TermWithdrawal(**{name: row[name] for name in WITHDRAWAL_COLUMNS}) for row in withdrawals),
        {row["strm"]: row["source_seq"] for row in floors},
    )
    entries: tuple[Row | TermWithdrawal, ...] = (*enrollments.rows, *enrollments.withdrawals)
    stored = [*rows, *withdrawals]
    origins = {entry.key: ORIGIN.validate_python(row["origin"]) for entry, row in zip(entries, stored, strict=True)}
    return Known(enrollments, origins, {row["strm"]: tuple(row["unreadable"]) for row in floors if row["unreadable"]})


async def _load_lost(connection: Connection, request_ids: list[str]) -> dict[str, frozenset[str]]:
    lost: dict[str, frozenset[str]] = {}
    for row in await connection.fetch(sql.open_hits, request_ids):
        lost[row["request_id"]] = lost.get(row["request_id"], frozenset()) | {row["strm"]}
    return lost


def _changes(before: Known, dossier: Dossier, now: datetime) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Statements with their values; rows that went come first."""
    emplid, after = dossier.emplid, dossier.known
    was, is_now = _stored(before), _stored(after)
    for key in was.keys() - is_now.keys():
        old = was[key][0]
        if isinstance(old, Row):
            yield sql.delete_row, (emplid, old.acad_career, old.institution, old.strm, old.class_nbr)
        else:
            yield sql.delete_withdrawal, (emplid, old.strm)
    for key, (entry, origin) in is_now.items():
        if was.get(key) == (entry, origin):
            continue
        told = ORIGIN.dump_python(origin, mode="json")
        if isinstance(entry, Row):
            yield sql.put_row, (*(getattr(entry, name) for name in ROW_COLUMNS), told)
        else:
            yield sql.put_withdrawal, (emplid, *(getattr(entry, name) for name in WITHDRAWAL_COLUMNS), told)
    for strm, floor in after.enrollments.floors.items():
        unreadable = after.unreadable.get(strm, ())
        if (floor, unreadable) != (before.enrollments.floors.get(strm), before.unreadable.get(strm, ())):
            yield sql.save_floor, (emplid, strm, floor, list(unreadable), now)
    yield sql.raise_sequence, (emplid, dossier.source_seq)


def _stored(known: Known) -> dict[Key, tuple[Row | TermWithdrawal, Origin]]:
    entries: tuple[Row | TermWithdrawal, ...] = (*known.enrollments.rows, *known.enrollments.withdrawals)
    return {entry.key: (entry, known.origins[entry.key]) for entry in entries}
