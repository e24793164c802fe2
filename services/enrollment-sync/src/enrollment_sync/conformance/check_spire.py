"""Asks a SPIRE endpoint what this system asks, and names everything that is not as agreed (docs/connect.md)."""

import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx2

from enrollment_sync.conformance.deviations import (
    Json,
    above,
    another,
    differing,
    faults_of,
    key_of,
    objects,
    other_terms,
    twice,
    unknown_codes,
)
from enrollment_sync.conformance.spire_forms import (
    Enrollments,
    SnapshotHead,
    SnapshotRow,
    SnapshotTail,
    SnapshotWithdrawal,
    StudentRecord,
)
from enrollment_sync.domain import Codes

NOBODY = "00000000"
NO_TERM = "0000"
PATIENCE = 5.0
"""Seconds in which a call must be answered; a worker waits as long."""
MOST = 20
"""Deviations that are named of one answer."""
_BUSY = (429, 503)


async def check_spire(url: str, token: str, codes: Codes, emplids: Sequence[str], strms: Sequence[str]) -> "Findings":
    """`url` is the address before `/spire/`; `emplids` are students whom this SPIRE knows, best with classes in `strms`."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=2 * PATIENCE) as client:
        return await Conformance(client, codes).check(emplids, strms)


@dataclass
class Findings:
    """Every deviation, as `place: what`; values of people are never in it."""

    deviations: list[str] = field(default_factory=list)
    answers: int = 0

    def add(self, place: str, faults: Iterable[str]) -> None:
        found = [f"{place}: {fault}" for fault in faults]
        more = [f"{place}: {len(found) - MOST} more"] if len(found) > MOST else []
        self.deviations += [*found[:MOST], *more]


@dataclass(frozen=True)
class Conformance:
    """`client` has the service account's token and the address before `/spire/`; `codes` are those to be known."""

    client: httpx2.AsyncClient
    codes: Codes
    found: Findings = field(default_factory=Findings)
    highest: dict[str, int] = field(default_factory=dict)

    async def check(self, emplids: Sequence[str], strms: Sequence[str]) -> Findings:
        await self._refuses_strangers(emplids[0])
        await self._answers_404(f"/spire/students/{NOBODY}")
        await self._answers_404(f"/spire/students/{NOBODY}/enrollments")
        seen: dict[tuple[str, str], list[Json]] = {}
        for number, emplid in enumerate(emplids, 1):
            await self._student(f"student {number}", emplid)
            for strm in strms:
                seen[emplid, strm] = await self._enrollments(f"student {number}, term {strm}", emplid, strm)
            await self._all_terms(f"student {number}, all terms", emplid, seen)
            empty = await self._enrollments(f"student {number}, a term without classes", emplid, NO_TERM)
            self.found.add(f"student {number}, a term without classes", ["has rows"] if empty else [])
        for strm in strms:
            await self._snapshot(f"snapshot {strm}", strm, {e: rows for (e, s), rows in seen.items() if s == strm})
        return self.found

    async def _refuses_strangers(self, emplid: str) -> None:
        for what, header in (("no token", ""), ("a wrong token", "Bearer wrong")):
            place = f"student 1 with {what}"
            answer = await self._get(place, f"/spire/students/{emplid}", Authorization=header)
            if answer is not None and answer.status_code != 401:
                self.found.add(place, [f"answered {answer.status_code}, not 401"])

    async def _answers_404(self, path: str) -> None:
        place = "an unknown student" + ("'s enrollments" if path.endswith("s/enrollments") else "")
        answer = await self._get(place, path)
        if answer is not None and answer.status_code != 404:
            self.found.add(place, [f"answered {answer.status_code}, not 404"])

    async def _student(self, place: str, emplid: str) -> None:
        data = await self._json(place, f"/spire/students/{emplid}")
        if data is not None:
            self.found.add(place, faults_of(StudentRecord, data))
            self.found.add(place, another(data, emplid))

    async def _enrollments(self, place: str, emplid: str, strm: str | None) -> list[Json]:
        """The rows, readable or not."""
        params = {"strm": strm} if strm else {}
        data = await self._json(place, f"/spire/students/{emplid}/enrollments", **params)
        if data is None:
            return []
        self.found.add(place, faults_of(Enrollments, data))
        rows, withdrawals = (objects(data, name) for name in ("rows", "term_withdrawals"))
        self.found.add(place, unknown_codes(self.codes, rows, withdrawals))
        self.found.add(place, above(data, [*rows, *withdrawals]))
        self.found.add(place, twice(rows))
        self.found.add(place, other_terms([*rows, *withdrawals], strm))
        self.found.add(place, self._fallen(emplid, data))
        return rows

    def _fallen(self, emplid: str, data: Json) -> Iterator[str]:
        """P17: whoever reads twice must never be told less the second time."""
        given = data.get("source_seq") if isinstance(data, dict) else None
        if isinstance(given, int):
            if given < self.highest.get(emplid, 0):
                yield "the student's source_seq is lower than a moment ago"
            self.highest[emplid] = max(given, self.highest.get(emplid, 0))

    async def _all_terms(self, place: str, emplid: str, seen: dict[tuple[str, str], list[Json]]) -> None:
        rows = await self._enrollments(place, emplid, None)
        known = {key_of(row) for row in rows}
        lacking = {key_of(row) for (student, _), told in seen.items() if student == emplid for row in told} - known
        self.found.add(place, [f"lacks {len(lacking)} rows that the terms have alone"] if lacking else [])

    async def _snapshot(self, place: str, strm: str, told: dict[str, list[Json]]) -> None:
        lines = [line async for line in self._lines(place, strm)]
        if not lines:
            return
        head, tail, data = lines[0], lines[-1], lines[1:-1]
        self.found.add(f"{place}, first line", faults_of(SnapshotHead, head))
        if not isinstance(tail, dict) or "complete" not in tail:
            self.found.add(place, ["ends without its last line"])
            return
        self.found.add(f"{place}, last line", faults_of(SnapshotTail, tail))
        counts = [line.get("row_count") for line in (head, tail) if isinstance(line, dict)]
        self.found.add(place, [] if counts == [len(data)] * 2 else [f"holds {len(data)} lines, and says {counts}"])
        self.found.add(place, self._snapshot_lines(data, strm))
        self.found.add(place, differing(data, told))

    def _snapshot_lines(self, data: list[Json], strm: str) -> Iterator[str]:
        for number, line in enumerate(data, 2):
            withdrawal = isinstance(line, dict) and "withdraw_code" in line
            faults = [*faults_of(SnapshotWithdrawal if withdrawal else SnapshotRow, line)]
            if isinstance(line, dict):
                faults += unknown_codes(self.codes, *(([], [line]) if withdrawal else ([line], [])))
                faults += ["is of another term"] if line.get("strm") != strm else []
            yield from (f"line {number}: {fault}" for fault in faults)

    async def _lines(self, place: str, strm: str) -> AsyncIterator[Json]:
        self.found.answers += 1
        try:
            async with self.client.stream("GET", f"/spire/snapshots/{strm}") as answer:
                if answer.status_code != 200:
                    self.found.add(place, _refused(answer))
                    return
                self.found.add(place, _kind(answer, "application/x-ndjson"))
                async for line in answer.aiter_lines():
                    if line.strip():
                        yield json.loads(line)
        except httpx2.HTTPError as error:
            self.found.add(place, [f"broke off: {type(error).__name__}"])
        except ValueError:
            self.found.add(place, ["holds a line that is no JSON"])

    async def _json(self, place: str, path: str, **params: str) -> Json:
        answer = await self._get(place, path, params)
        if answer is None:
            return None
        if answer.status_code != 200:
            self.found.add(place, _refused(answer))
            return None
        self.found.add(place, _kind(answer, "application/json"))
        try:
            return answer.json()
        except ValueError:
            self.found.add(place, ["is no JSON"])
            return None

    async def _get(
        self, place: str, path: str, params: dict[str, str] | None = None, **headers: str
    ) -> httpx2.Response | None:
        self.found.answers += 1
        began = time.monotonic()
        try:
            answer = await self.client.get(path, params=params or {}, headers=headers)
        except httpx2.HTTPError as error:
            self.found.add(place, [f"no answer: {type(error).__name__}"])
            return None
        took = time.monotonic() - began
        self.found.add(place, [f"took {took:.1f} s, {PATIENCE:g} are waited for"] if took > PATIENCE else [])
        return answer


def _refused(answer: httpx2.Response) -> list[str]:
    if answer.status_code in _BUSY:
        named = answer.headers.get("Retry-After", "").isdecimal()
        return [f"answered {answer.status_code}" + ("" if named else " without seconds in Retry-After")]
    return [f"answered {answer.status_code}, not 200"]


def _kind(answer: httpx2.Response, wanted: str) -> list[str]:
    given = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return [] if given == wanted else [f"has the content type {given[:40]!r}, not {wanted}"]
