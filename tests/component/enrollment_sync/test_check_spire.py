"""`check-spire` finds nothing at the simulated campus, and names what is not as agreed at one that differs in one thing."""

import asyncio
import json
import os
import re
import sys
from copy import deepcopy
from dataclasses import dataclass, field

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.conformance.check_spire import NOBODY, check_spire
from infra.campus.server import free_port

EMPLID, STRM = "30012345", "1267"
STUDENT = {
    "emplid": EMPLID,
    "name": "Ana Lima",
    "email": "ana@student.example",
    "acad_career": "GRAD",
    "program": "Computer Science, MS",
    "level": "masters",
    "program_end_date": "2027-05-13",
    "english_language_program": False,
    "prior_fulltime_terms": 2,
    "fulltime_cpt_days": 0,
}
ROW = {
    "acad_career": "GRAD",
    "institution": "UMAMH",
    "strm": STRM,
    "session_code": "1",
    "class_nbr": "41234",
    "component": "PRA",
    "primary_class_nbr": "41234",
    "subject": "COMPSCI",
    "catalog_nbr": " 698",
    "units": "1.00",
    "grading_basis": "GRD",
    "status": "E",
    "reason": "ENRL",
    "grade": None,
    "effective_dt": "2026-04-20",
    "source_seq": 7,
}
LEFT = {"strm": STRM, "withdraw_code": "WDR", "effective_dt": "2026-10-02", "source_seq": 8}


@dataclass
class Agreed:
    """A SPIRE as agreed; each case spoils one thing of it."""

    student: dict = field(default_factory=lambda: deepcopy(STUDENT))
    rows: list = field(default_factory=lambda: [deepcopy(ROW), {**ROW, "class_nbr": "41300", "source_seq": 6}])
    withdrawals: list = field(default_factory=lambda: [deepcopy(LEFT)])
    top: dict = field(default_factory=lambda: {"as_of": "2026-10-02T10:00:00-04:00", "source_seq": 9})
    snapshot: list = field(default_factory=list)
    token: str = "Bearer secret"
    unknown: int = 404
    filters: bool = True
    falls: int = 0
    plain: bytes | None = None
    refusal: Response | None = None
    silent: bool = False
    lines_of: str = "application/x-ndjson"
    ending: bytes = b""

    def lines(self):
        data = [{"emplid": EMPLID, **each} for each in (*self.rows, *self.withdrawals)]
        count = {"row_count": len(data)}
        return [{"strm": STRM, "taken_at": self.top["as_of"], **count}, *data, {"complete": True, **count}]

    async def answer(self, request):
        if self.silent:
            await asyncio.Event().wait()
        return self.refused(request) or self.told(request)

    def refused(self, request):
        if self.token and request.headers["authorization"] != self.token:
            return Response(status_code=401)
        if self.refusal is not None:
            return self.refusal
        if self.plain is not None:
            return Response(self.plain, media_type="text/html")
        return None

    def told(self, request):
        if request.path_params.get("emplid", EMPLID) == NOBODY:
            return JSONResponse(None, self.unknown)
        if request.url.path.endswith("/enrollments"):
            return JSONResponse(self.enrollments(request.query_params.get("strm")))
        if request.url.path.startswith("/spire/snapshots"):
            text = "".join(f"{json.dumps(line)}\n" for line in self.snapshot or self.lines()).encode()
            return Response(text + self.ending, media_type=self.lines_of)
        return JSONResponse(self.student)

    def enrollments(self, strm):
        if self.falls:
            self.top["source_seq"] -= self.falls
        mine = [
            [e for e in told if not self.filters or strm in (None, e["strm"])] for told in (self.rows, self.withdrawals)
        ]
        return {**self.top, "rows": mine[0], "term_withdrawals": mine[1]}


@pytest.fixture(scope="module")
async def served():
    """The address, and a place for the SPIRE that is behind it."""
    behind = {}

    async def answer(request):
        return await behind["spire"].answer(request)

    paths = ("/spire/students/{emplid}", "/spire/students/{emplid}/enrollments", "/spire/snapshots/{strm}")
    port = free_port()
    app = Starlette(routes=[Route(path, answer) for path in paths])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=0))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait([task], timeout=0.01)
    yield f"http://127.0.0.1:{port}", behind
    server.should_exit = True
    await task


async def deviations(served, spire):
    address, behind = served
    behind["spire"] = spire
    return (await check_spire(address, "secret", shipped_codes(), [EMPLID], [STRM])).deviations


async def test_a_spire_as_agreed_deviates_in_nothing(served):
    assert await deviations(served, Agreed()) == []


async def test_the_simulated_campus_is_as_agreed(campus):
    async with httpx2.AsyncClient(base_url=f"{campus.url}/demo") as demo:
        rows = [{k: v for k, v in each.items() if k != "source_seq"} for each in Agreed().rows]
        await demo.put(f"/students/{EMPLID}", json=STUDENT)
        await demo.put(
            f"/students/{EMPLID}/enrollments", json=[*rows, {k: v for k, v in LEFT.items() if k != "source_seq"}]
        )

    found = await check_spire(campus.url, "secret", shipped_codes(), [EMPLID], [STRM])

    assert found.deviations == []
    assert found.answers == 9


def spoiled(name, number=0, **changes):
    """Fields of one row, student or head that are otherwise."""

    def spoil(spire):
        target = getattr(spire, name)
        (target[number] if isinstance(target, list) else target).update(changes)

    return spoil


def lacking(name, *fields):
    def spoil(spire):
        target = getattr(spire, name)
        for one in fields:
            (target[0] if isinstance(target, list) else target).pop(one)

    return spoil


def having(**changes):
    return lambda spire: [setattr(spire, name, value) for name, value in changes.items()]


def snapshot(change):
    def spoil(spire):
        lines = spire.lines()
        spire.snapshot = change(lines) or lines

    return spoil


BROKEN = {
    "anybody is let in": (having(token=""), "no token: answered 200, not 401"),
    "an unknown student is an empty one": (having(unknown=200), "an unknown student: answered 200, not 404"),
    "no email": (lacking("student", "email"), "email: Field required"),
    "a date of another form": (spoiled("student", program_end_date="05/13/2027"), "program_end_date: "),
    "another career": (spoiled("student", acad_career="LAW"), "acad_career: "),
    "a number as a text": (spoiled("student", prior_fulltime_terms="two"), "prior_fulltime_terms: "),
    "a yes as a letter": (spoiled("student", english_language_program="Y"), "english_language_program: "),
    "somebody else's record": (spoiled("student", emplid="30000001"), "is the record of somebody else"),
    "a class number as a number": (spoiled("rows", class_nbr=41234), "rows.0.class_nbr: "),
    "units that are none": (spoiled("rows", units="one"), "rows.0.units: "),
    "no session": (lacking("rows", "session_code"), "rows.0.session_code: Field required"),
    "no course": (lacking("rows", "subject", "catalog_nbr"), "rows.0.subject: Field required"),
    "a status nobody knows": (spoiled("rows", status="Q"), "status 'Q' is in no code set (1 times)"),
    "a reason nobody knows": (spoiled("rows", reason="GONE"), "reason 'GONE' is in no code set"),
    "a withdraw code nobody knows": (spoiled("withdrawals", withdraw_code="ABC"), "withdraw_code 'ABC' is in"),
    "every term at once": (having(filters=False), "has rows"),
    "a row above the student": (spoiled("rows", source_seq=99), "1 entries have a higher source_seq"),
    "no sequence of the student": (lacking("top", "source_seq"), "source_seq: Field required"),
    "a sequence that falls": (
        having(falls=1, top={"as_of": "2026-10-02T10:00:00Z", "source_seq": 20}),
        "than a moment ago",
    ),
    "a time without its offset": (spoiled("top", as_of="2026-10-02T10:00:00"), "as_of: "),
    "a class twice": (spoiled("rows", 1, class_nbr="41234"), "1 classes are there more than once"),
    "a page instead of an answer": (having(plain=b"<html>Maintenance</html>"), "content type 'text/html'"),
    "away without a word when to come again": (
        having(refusal=Response(status_code=503)),
        "answered 503 without seconds in Retry-After",
    ),
    "another address": (having(refusal=RedirectResponse("/elsewhere")), "answered 307, not 200"),
    "a snapshot without its end": (snapshot(lambda lines: lines[:-1]), "ends without its last line"),
    "a snapshot that counts otherwise": (
        snapshot(lambda lines: [*lines[:2], *lines[3:]]),
        "holds 2 lines, and says [3, 3]",
    ),
    "a snapshot that lacks a row": (
        snapshot(lambda lines: [{**lines[0], "row_count": 2}, *lines[2:4], {**lines[-1], "row_count": 2}]),
        "lacks 1 rows of student 1",
    ),
    "a snapshot of before": (
        snapshot(lambda lines: lines[1].update(status="D", reason="DROP")),
        "1 rows of student 1 are",
    ),
    "a snapshot without students": (
        snapshot(lambda lines: lines[1].pop("emplid") and None),
        "line 2: emplid: Field required",
    ),
    "a snapshot of another term": (snapshot(lambda lines: lines[1].update(strm="1273")), "line 2: is of another term"),
    "a snapshot that is one text": (having(lines_of="application/json"), "not application/x-ndjson"),
    "a snapshot with a broken line": (having(ending=b'{"complete": tr\n'), "a line that is no JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_deviation_is_named(served, case):
    spoil, words = BROKEN[case]
    spire = Agreed()
    spoil(spire)

    found = await deviations(served, spire)

    assert [line for line in found if words in line], found
    assert not [line for line in found if EMPLID in line or "Ana" in line], "no value of a person"


async def test_one_that_lacks_what_a_term_alone_has_is_named(served):
    spire = Agreed()
    whole = spire.enrollments
    spire.enrollments = lambda strm: whole(strm) if strm else {**whole(strm), "rows": []}

    assert "student 1, all terms: lacks 2 rows that the terms have alone" in await deviations(served, spire)


async def test_silence_is_named(served, monkeypatch):
    monkeypatch.setattr("enrollment_sync.conformance.check_spire.PATIENCE", 0.02)

    (broken,) = [line for line in await deviations(served, Agreed(silent=True)) if line.startswith("snapshot 1267:")]

    assert re.fullmatch(r"snapshot 1267: broke off: (Read|Connect)Timeout", broken)


async def test_many_deviations_of_an_answer_are_counted(served):
    spire = Agreed(rows=[{**ROW, "class_nbr": f"{n}", "units": "x"} for n in range(1, 40)])

    found = [line for line in await deviations(served, spire) if line.startswith("student 1, term 1267")]

    assert found[-1] == "student 1, term 1267: 19 more"
    assert len(found) == 21


async def test_the_command_needs_no_database_and_answers_with_its_exit_code(served):
    address, behind = served
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")}
    words = ("check-spire", address, "--emplid", EMPLID, "--strm", STRM)
    behind["spire"] = Agreed(unknown=200)

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "enrollment_sync", *words),
        env=clean | {"CPT_SPIRE__TOKEN": "secret"},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()

    assert (process.returncode, said.decode().splitlines()[-1]) == (1, "9 answers read, 2 deviations.")
