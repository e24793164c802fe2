"""Compares a term's snapshot with what is stored of watched students; each difference makes a check due (P19)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import structlog
from uuid_utils import uuid4, uuid7

from cpt.postgres import Connection, Database
from cpt.runtime.clock import Clock
from enrollment_sync.due import make_check_due
from enrollment_sync.spire import Spire, SpireAway
from enrollment_sync.store import sql

log = structlog.get_logger()

COMPARED = ("class_nbr", "status", "reason", "grade")


class SnapshotRefused(Exception):
    """The snapshot proves nothing: `outcome` as the run records it."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


@dataclass(slots=True)
class _Snapshot:
    lines: int = 0
    rows: int = 0
    students: dict[str, set[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True)
class ReconcileSnapshot:
    """`min_share`: a snapshot smaller than this share of the last good one proves nothing."""

    database: Database
    spire: Spire
    clock: Clock
    every: timedelta
    min_share: float

    async def step(self) -> int:
        """Asks for runs that are overdue and does one; returns how many were done."""
        await self._schedule()
        token = str(uuid4())
        async with self.database.transaction() as connection:
            run = await connection.fetchrow(sql.claim_run, token)
        if run is None:
            return 0
        await self._run(run["run_id"], run["strm"], token)
        return 1

    async def _schedule(self) -> None:
        now = self.clock()
        async with self.database.transaction() as connection:
            for row in await connection.fetch(sql.terms_of_open_watches):
                last = await connection.fetchval(sql.last_run_asked, row["strm"])
                if last is None or now - last >= self.every:
                    await ask_for_run(connection, row["strm"], "schedule", now)

    async def _run(self, run_id: str, strm: str, token: str) -> None:
        async with self.database.connection() as connection:
            watched = {row["emplid"] for row in await connection.fetch(sql.watched_students)}
            last_good = await connection.fetchval(sql.last_good_rows, strm)
        try:
            snapshot = await read_snapshot(self.spire.snapshot(strm), watched)
            require_plausible(snapshot.rows, last_good, self.min_share)
        except SnapshotRefused as refused:
            await self._refuse(run_id, strm, token, refused)
            return
        except SpireAway as away:
            await self._refuse(run_id, strm, token, SnapshotRefused("unreachable", str(away)))
            return
        async with self.database.transaction() as connection:
            now = self.clock()
            different = await _differences(connection, strm, snapshot, watched)
            await make_check_due(connection, different, "reconciliation", now)
            await connection.execute(
                sql.finish_run, run_id, token, now, "compared", None, snapshot.rows, len(different)
            )
            await connection.execute(sql.clear_alarm, "snapshot_refused", strm, now)

    async def _refuse(self, run_id: str, strm: str, token: str, refused: SnapshotRefused) -> None:
        now = self.clock()
        async with self.database.transaction() as connection:
            await connection.execute(sql.finish_run, run_id, token, now, refused.outcome, str(refused), None, None)
            await connection.execute(sql.raise_alarm, "snapshot_refused", strm, str(refused), now)
        log.warning("snapshot_refused", strm=strm, outcome=refused.outcome)


async def ask_for_run(connection: Connection, strm: str, asked_by: str, now: datetime) -> str:
    """A run that starts after this call is certain; returns its id."""
    run_id = str(uuid7())
    await connection.execute(sql.ask_for_run, run_id, strm, asked_by, now)
    return run_id


async def read_snapshot(lines: AsyncIterator[Any], watched: set[str]) -> _Snapshot:
    """Rows of watched students, all lines counted. Raises `SnapshotRefused` without a complete manifest."""
    snapshot, first, last = _Snapshot(), None, None
    async for line in lines:
        if not isinstance(line, dict):
            raise SnapshotRefused("incomplete", "The snapshot holds a line that is no object.")
        if first is None:
            first = line
        elif "complete" in line:
            last = line
        else:
            _take(snapshot, line, watched)
    _require_manifest(snapshot.lines, first, last)
    return snapshot


def require_plausible(rows: int, last_good: int | None, min_share: float) -> None:
    """An empty or shrunken snapshot proves nothing (R33)."""
    if rows == 0:
        raise SnapshotRefused("empty", "The snapshot is empty.")
    if last_good is not None and rows < min_share * last_good:
        raise SnapshotRefused("too_small", f"The snapshot has {rows} rows; the last good one had {last_good}.")


def _require_manifest(lines: int, first: Mapping[str, Any] | None, last: Mapping[str, Any] | None) -> None:
    if first is None or last is None or last.get("complete") is not True:
        raise SnapshotRefused("incomplete", "The snapshot ends without its last line.")
    if not first.get("row_count") == last.get("row_count") == lines:
        raise SnapshotRefused("incomplete", "The snapshot's row counts do not agree.")


def _take(snapshot: _Snapshot, line: Mapping[str, Any], watched: set[str]) -> None:
    withdrawal = "withdraw_code" in line
    snapshot.lines += 1
    snapshot.rows += not withdrawal
    emplid = str(line.get("emplid"))
    if emplid not in watched:
        return
    if withdrawal:
        snapshot.students[emplid].add(("withdrawal", line["withdraw_code"], line.get("session_code") or ""))
    else:
        values = (line.get(name) for name in COMPARED)
        snapshot.students[emplid].add((*values, line.get("grading_basis") or "", _units(line.get("units"))))


async def _differences(connection: Connection, strm: str, snapshot: _Snapshot, watched: set[str]) -> list[str]:
    stored: dict[str, set[tuple[Any, ...]]] = {}
    for row in await connection.fetch(sql.stored_of_term, strm):
        rows = stored.setdefault(row["emplid"], set())
        if row["class_nbr"] is not None:
            rows.add((*(row[name] for name in (*COMPARED, "grading_basis")), _units(row["units"])))
    for row in await connection.fetch(sql.stored_withdrawals_of_term, strm):
        stored.setdefault(row["emplid"], set()).add(("withdrawal", row["withdraw_code"], row["session_code"]))
    return sorted(
        emplid for emplid in watched & stored.keys() if stored[emplid] != snapshot.students.get(emplid, set())
    )


def _units(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return None
