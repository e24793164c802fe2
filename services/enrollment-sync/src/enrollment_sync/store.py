"""Students, their watches and what SPIRE told of them: rows in and out."""

from collections.abc import Collection, Iterable, Mapping
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


async def load_dossier(connection: Connection, emplid: str, calendar: AcademicCalendar) -> Dossier | None:
    """Needs the student's lock, once it is to be changed. None for somebody nobody watches."""
    watches = tuple(map(_watch_of, await connection.fetch(sql.open_watches, emplid)))
    student = await connection.fetchrow(sql.find_student, emplid)
    if not watches or student is None:
        return None
    profile = StudentProfile.model_validate(student["profile"]) if student["profile"] else None
    return Dossier(
        emplid=emplid,
        source_seq=student["source_seq"],
        profile=profile,
        stale_since=student["stale_since"],
        watches=watches,
        known=await _load_known(connection, emplid),
        calendar=calendar,
        lost=await _load_lost(connection, [watch.request_id for watch in watches]),
        blind=student["blind"],
    )


async def save_known(connection: Connection, dossier: Dossier, after: Known, now: datetime) -> None:
    """Writes the terms that changed and raises the sequence; the dossier is as new afterwards."""
    before = dossier.known
    for strm in sorted(_terms(before) | _terms(after)):
        if _term(before, strm) != _term(after, strm):
            await _save_term(connection, dossier.emplid, strm, after, now)
    dossier.source_seq = max(dossier.source_seq, after.enrollments.highest)
    dossier.known = after
    await save_student(connection, dossier)


async def save_student(connection: Connection, dossier: Dossier) -> None:
    profile, seq = dossier.profile, dossier.source_seq
    await connection.execute(sql.save_student, dossier.emplid, seq, profile, dossier.stale_since)


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


async def _load_known(connection: Connection, emplid: str) -> Known:
    rows = await connection.fetch(sql.rows_of, emplid)
    withdrawals = await connection.fetch(sql.withdrawals_of, emplid)
    floors = await connection.fetch(sql.floors_of, emplid)
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


def _terms(known: Known) -> set[str]:
    entries: tuple[Row | TermWithdrawal, ...] = (*known.enrollments.rows, *known.enrollments.withdrawals)
    return {entry.strm for entry in entries} | set(known.enrollments.floors) | set(known.unreadable)


def _term(known: Known, strm: str) -> tuple[Any, ...]:
    enrollments = known.enrollments
    rows = tuple(row for row in enrollments.rows if row.strm == strm)
    return rows, enrollments.withdrawal(strm), enrollments.floors.get(strm), known.unreadable.get(strm)


async def _save_term(connection: Connection, emplid: str, strm: str, after: Known, now: datetime) -> None:
    await connection.execute(sql.clear_term_rows, emplid, strm)
    await connection.execute(sql.clear_term_withdrawal, emplid, strm)
    rows, withdrawal, floor, unreadable = _term(after, strm)
    await connection.executemany(
        sql.add_row, [(*(getattr(row, name) for name in ROW_COLUMNS), _origin(after.origins, row.key)) for row in rows]
    )
    if withdrawal:
        values = (getattr(withdrawal, name) for name in WITHDRAWAL_COLUMNS)
        await connection.execute(sql.add_withdrawal, emplid, *values, _origin(after.origins, withdrawal.key))
    if floor is not None:
        await connection.execute(sql.save_floor, emplid, strm, floor, list(unreadable or ()), now)


def _origin(origins: Mapping[Key, Origin], key: Key) -> Any:
    return ORIGIN.dump_python(origins[key], mode="json")
