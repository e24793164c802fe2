"""Students, their watches and what SPIRE told of them: rows in and out."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

import asyncpg
from pydantic_core import to_json

from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.postgres import Connection, Queries
from enrollment_sync.code_sets import parse_codes, shipped_codes
from enrollment_sync.domain import Codes, Enrollments, Policy, Row, TermWithdrawal
from enrollment_sync.dossier import Dossier, Hit
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.provenance import Key, Origins
from enrollment_sync.stored_values import basis_of, facts_of, issued_of, profile_of
from enrollment_sync.watch import Watch

sql = Queries("enrollment_sync")

ROW_COLUMNS = tuple(field.name for field in fields(Row))
WITHDRAWAL_COLUMNS = tuple(field.name for field in fields(TermWithdrawal))


async def lock_students(connection: Connection, emplids: Iterable[str], *, new: Iterable[str] = ()) -> None:
    """In ascending order, before anything else (P16). `new`: those that may be heard of for the first time."""
    unheard = sorted(set(new))
    if unheard:
        await connection.execute(sql.add_students, unheard)
    await connection.fetch(sql.lock_students, sorted({*emplids, *unheard}))


class NotNewer(Exception):
    """The version is not above the one in force."""


def require_newer(version: int, current: int) -> None:
    """Raises NotNewer."""
    if version <= current:
        raise NotNewer(f"version {version} is not above {current}, which is in force")


async def calendar_in_force(connection: Connection) -> AcademicCalendar:
    form = await connection.fetchval(sql.latest_calendar)
    return _parsed(form) if form else illustrative_calendar()


@lru_cache(maxsize=2)
def _parsed(form: str) -> AcademicCalendar:
    return AcademicCalendar.parse(json.loads(form))


async def codes_in_force(connection: Connection) -> Codes:
    form = await connection.fetchval(sql.latest_codes)
    return _parsed_codes(form) if form else shipped_codes()


@lru_cache(maxsize=2)
def _parsed_codes(form: str) -> Codes:
    return parse_codes(json.loads(form))


async def load_dossiers(
    connection: Connection, emplids: Iterable[str], calendar: AcademicCalendar
) -> dict[str, Dossier]:
    """Of those whom somebody watches. Needs the students' locks, once they are to be changed."""
    students = await connection.fetch(sql.dossiers, sorted(set(emplids)))
    policy = Policy(await codes_in_force(connection))
    return {student["emplid"]: _dossier_of(student, calendar, policy) for student in students if student["watches"]}


async def load_dossier(connection: Connection, emplid: str, calendar: AcademicCalendar) -> Dossier | None:
    """None for somebody nobody watches."""
    return (await load_dossiers(connection, [emplid], calendar)).get(emplid)


async def save_known(connection: Connection, dossier: Dossier, after: EnrollmentRecord, now: datetime) -> None:
    """Writes what changed and raises the sequence; the dossier is as new afterwards."""
    before = dossier.known
    dossier.learn(after)
    await save_learned(connection, [(before, dossier)], now)
    await save_student(connection, dossier)


async def save_learned(
    connection: Connection, learned: Sequence[tuple[EnrollmentRecord, Dossier]], now: datetime
) -> None:
    """What the dossiers know now and did not before, in one statement for each table."""
    writes: dict[str, list[Mapping[str, Any]]] = {}
    for before, dossier in learned:
        for query, row in _changes(before, dossier, now):
            writes.setdefault(query, []).append(row)
    for query, rows in writes.items():
        await write_all(connection, query, rows)


async def write_all(connection: Connection, query: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """One statement for all rows, as one JSON text, which both sides read faster than eighteen arrays."""
    if rows:
        await connection.execute(query, to_json(rows).decode())


async def save_student(connection: Connection, dossier: Dossier) -> None:
    await connection.execute(
        sql.save_student, dossier.emplid, dossier.profile, dossier.stale_since, list(dossier.stale_reads)
    )


async def forget_if_unwatched(connection: Connection, emplid: str) -> None:
    """Nothing is kept of a student whom nobody watches but how far SPIRE's sequence had come (case 58)."""
    for query in (
        sql.forget_rows,
        sql.forget_withdrawals,
        sql.forget_session_withdrawals,
        sql.forget_floors,
        sql.forget_due,
        sql.forget_profile,
    ):
        await connection.execute(query, emplid)


async def save_watch(connection: Connection, watch: Watch) -> None:
    """Raises the version, which its events carry as their sequence."""
    watch.version = await connection.fetchval(
        sql.save_watch,
        watch.request_id,
        list(watch.checked_terms),
        watch.check_no,
        watch.published,
        watch.issued,
        watch.basis,
    )


async def write_audit(
    connection: Connection, now: datetime, actor: str, action: str, subject: str, **detail: Any
) -> None:
    await connection.execute(sql.write_audit, now, actor, action, subject, detail)


async def students_of(connection: Connection, request_ids: Collection[str]) -> list[str]:
    rows = await connection.fetch(sql.students_of, list(request_ids)) if request_ids else []
    return [row["emplid"] for row in rows]


def _dossier_of(student: asyncpg.Record, calendar: AcademicCalendar, policy: Policy) -> Dossier:
    return Dossier(
        emplid=student["emplid"],
        source_seq=student["source_seq"],
        profile=profile_of(student["profile"]) if student["profile"] else None,
        stale_since=student["stale_since"],
        stale_reads=tuple(student["stale_reads"]),
        sequence_at=student["sequence_at"],
        watches=tuple(_watch_of(*watch) for watch in student["watches"]),
        known=_known_of(student["rows"], [*student["withdrawals"], *student["sessions"]], student["floors"]),
        calendar=calendar,
        policy=policy,
        hits=tuple(Hit(*hit) for hit in student["lost"]),
        blind=student["blind"],
    )


def _watch_of(
    request_id: str,
    emplid: str,
    facts: str,
    checked_terms: Sequence[str],
    check_no: int,
    published: dict[str, Any] | None,
    issued: str | None,
    version: int,
    basis: str,
) -> Watch:
    return Watch(
        request_id=request_id,
        emplid=emplid,
        facts=facts_of(facts),
        checked_terms=tuple(checked_terms),
        check_no=check_no,
        published=published,
        issued=issued_of(issued) if issued else None,
        version=version,
        basis=basis_of(basis),
    )


def _known_of(
    rows: Sequence[tuple[Any, ...]], withdrawals: Sequence[tuple[Any, ...]], floors: Sequence[tuple[Any, ...]]
) -> EnrollmentRecord:
    enrollments = Enrollments(
        tuple(Row(*row[:-1]) for row in rows),
        tuple(TermWithdrawal(*row[:-1]) for row in withdrawals),
        {strm: source_seq for strm, source_seq, _ in floors},
    )
    entries: tuple[Row | TermWithdrawal, ...] = (*enrollments.rows, *enrollments.withdrawals)
    origins = Origins({entry.key: row[-1] for entry, row in zip(entries, (*rows, *withdrawals), strict=True)})
    return EnrollmentRecord(enrollments, origins, {strm: tuple(unread) for strm, _, unread in floors if unread})


def _changes(before: EnrollmentRecord, dossier: Dossier, now: datetime) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Statements with their rows; those that went come first."""
    emplid, after = dossier.emplid, dossier.known
    was, is_now = _stored(before), _stored(after)
    for key in was.keys() - is_now.keys():
        yield _DELETE[_table(was[key])], _row_of(emplid, was[key])
    for key, entry in is_now.items():
        old = was.get(key)
        if old is not entry and (old != entry or before.origins[key] != after.origins[key]):
            yield _PUT[_table(entry)], {**_row_of(emplid, entry), "origin": after.origins[key]}
    for strm, floor in after.enrollments.floors.items():
        unreadable = after.unreadable.get(strm, ())
        if (floor, unreadable) != (before.enrollments.floors.get(strm), before.unreadable.get(strm, ())):
            told = {"source_seq": floor, "unreadable": unreadable, "read_at": now}
            yield sql.save_floors, {"emplid": emplid, "strm": strm, **told}
    yield sql.raise_sequences, {"emplid": emplid, "source_seq": dossier.source_seq, "sequence_at": now}


def _table(entry: Row | TermWithdrawal) -> str:
    if isinstance(entry, Row):
        return "rows"
    return "sessions" if entry.session_code else "withdrawals"


_PUT = {"rows": sql.put_rows, "withdrawals": sql.put_withdrawals, "sessions": sql.put_session_withdrawals}
_DELETE = {"rows": sql.delete_rows, "withdrawals": sql.delete_withdrawals, "sessions": sql.delete_session_withdrawals}


def _row_of(emplid: str, entry: Row | TermWithdrawal) -> dict[str, Any]:
    columns = ROW_COLUMNS if isinstance(entry, Row) else WITHDRAWAL_COLUMNS
    return {"emplid": emplid, **{name: getattr(entry, name) for name in columns}}


def _stored(known: EnrollmentRecord) -> dict[Key, Row | TermWithdrawal]:
    entries: tuple[Row | TermWithdrawal, ...] = (*known.enrollments.rows, *known.enrollments.withdrawals)
    return {entry.key: entry for entry in entries}
