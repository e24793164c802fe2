"""SPIRE's read side (docs/connect.md), with the faults a campus system has."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException
from fastapi.responses import StreamingResponse

from infra.campus.campus import Campus, HeldCampus
from infra.campus.clock import Clock, stamp
from infra.campus.spire import Profile, Row, Student

RETRY_AFTER = {"Retry-After": "2"}
LINES_A_CHUNK = 500


async def _service_account(campus: HeldCampus, authorization: Annotated[str, Header()] = "") -> None:
    scheme, _, token = authorization.partition(" ")
    if scheme.casefold() != "bearer" or not campus.knows_token(token):
        raise HTTPException(401, "a service account's bearer token is needed", {"WWW-Authenticate": "Bearer"})


async def _condition(campus: HeldCampus) -> None:
    if campus.spire_mode == "down":
        raise HTTPException(503, "SPIRE is not available", RETRY_AFTER)
    if campus.spire_mode == "wrong":
        raise HTTPException(200, "<html>Maintenance</html>")
    if campus.spire_mode == "slow":
        await asyncio.sleep(campus.settings.slow_seconds)


router = APIRouter(prefix="/spire", dependencies=[Depends(_service_account), Depends(_condition)])


@router.get("/students/{emplid}", response_model_exclude_none=True)
async def profile(campus: HeldCampus, emplid: str) -> Profile:
    student = known(campus, emplid)
    if student.profile is None:
        raise HTTPException(404, "no such student")
    return student.profile


@router.get("/students/{emplid}/enrollments")
async def enrollments(campus: HeldCampus, emplid: str, strm: str | None = None) -> dict[str, Any]:
    return enrollment_view(known(campus, emplid), campus.clock, strm)


@router.get("/snapshots/{strm}")
async def snapshot(campus: HeldCampus, strm: str) -> StreamingResponse:
    return StreamingResponse(_chunks(snapshot_lines(campus, strm)), media_type="application/x-ndjson")


def known(campus: Campus, emplid: str) -> Student:
    if emplid not in campus.spire.students:
        raise HTTPException(404, "no such student")
    return campus.spire.students[emplid]


def enrollment_view(student: Student, clock: Clock, strm: str | None = None) -> dict[str, Any]:
    """`source_seq` is the student's last sequence over all terms, also when one term is asked for (P17)."""
    wanted = [row for row in student.rows.values() if strm in {None, row["strm"]}]
    withdrawals = [_withdrawal(row) for row in student.withdrawals.values() if strm in {None, row["strm"]}]
    return {
        "as_of": stamp(clock.now()),
        "source_seq": student.source_seq,
        "rows": wanted,
        "term_withdrawals": withdrawals,
    }


def snapshot_lines(campus: Campus, strm: str) -> list[Row]:
    """The whole term as it stands at one moment; `row_count` counts every line between, withdrawals too."""
    rows, withdrawals = campus.spire.rows_of_term(strm), campus.spire.withdrawals_of_term(strm)
    if campus.spire_mode == "empty_snapshot":
        rows, withdrawals = [], []
    elif campus.spire_mode == "half_snapshot":
        rows = rows[::2]
    count = len(rows) + len(withdrawals)
    first = {"strm": strm, "taken_at": stamp(campus.clock.now()), "row_count": count}
    last = {"complete": True, "row_count": count}
    lines = [first, *rows, *({"emplid": row["emplid"]} | _withdrawal(row) for row in withdrawals), last]
    return lines[:-1] if campus.spire_mode == "truncated_snapshot" else lines


def _withdrawal(row: Row) -> Row:
    """One from a session names it, and each its career, where it is known."""
    told = {name: row.get(name) for name in ("strm", "withdraw_code", "effective_dt", "source_seq")}
    return told | {name: row[name] for name in ("session_code", "acad_career") if row.get(name)}


async def _chunks(lines: list[Row]) -> AsyncIterator[bytes]:
    for start in range(0, len(lines), LINES_A_CHUNK):
        chunk = lines[start : start + LINES_A_CHUNK]
        yield "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in chunk).encode()
