"""The simulated SPIRE answers as docs/connect.md says, and fails as a campus system fails."""

import json
import time

import httpx2
import pytest

from infra.campus.server import running_campus
from infra.campus.settings import Settings

EMPLID = "30012345"
PROFILE = {
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


@pytest.fixture(scope="module")
async def campus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("campus")
    settings = Settings(port=0, smtp_port=0, kafka="", state_dir=folder, spire_token="secret", slow_seconds=0.3)
    async with running_campus(settings) as running:
        yield running


@pytest.fixture
async def demo(campus):
    async with httpx2.AsyncClient(base_url=f"{campus.url}/demo") as client:
        yield client
        await client.put("/faults", json={"spire": {"mode": "ok"}})


@pytest.fixture
async def spire(campus):
    async with httpx2.AsyncClient(base_url=f"{campus.url}/spire", headers={"Authorization": "Bearer secret"}) as client:
        yield client


def a_row(class_nbr="41234", strm="1267", **changes):
    return {
        "acad_career": "GRAD",
        "institution": "UMAMH",
        "strm": strm,
        "session_code": "1",
        "class_nbr": class_nbr,
        "component": "PRA",
        "primary_class_nbr": class_nbr,
        "subject": "COMPSCI",
        "catalog_nbr": " 698",
        "units": "1.00",
        "grading_basis": "GRD",
        "status": "E",
        "reason": "ENRL",
        "grade": None,
        "effective_dt": "2026-09-30",
        "source_seq": 88123,
    } | changes


async def put_rows(demo, rows, emplid=EMPLID):
    answer = await demo.put(f"/students/{emplid}/enrollments", json=rows)
    assert answer.status_code == 200
    return answer.json()


async def snapshot(spire, strm):
    lines = (await spire.get(f"/snapshots/{strm}")).text.splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("presented", [None, "Bearer wrong", "Basic secret"])
async def test_the_read_side_asks_for_the_service_accounts_token(campus, presented):
    async with httpx2.AsyncClient(headers={"Authorization": presented} if presented else {}) as client:
        answer = await client.get(f"{campus.url}/spire/students/{EMPLID}")

    assert answer.status_code == 401


async def test_a_profile_reads_as_it_was_put_and_what_is_unknown_is_absent(demo, spire):
    assert (await demo.put(f"/students/{EMPLID}", json=PROFILE)).status_code == 200

    assert (await spire.get(f"/students/{EMPLID}")).json() == PROFILE | {"emplid": EMPLID}
    assert (await demo.get(f"/students/{EMPLID}")).json() == PROFILE | {"emplid": EMPLID}


async def test_a_student_nobody_named_is_not_found(spire):
    assert (await spire.get("/students/1")).status_code == 404
    assert (await spire.get("/students/1/enrollments?strm=1267")).status_code == 404


async def test_rows_read_as_they_were_put_and_only_those_of_the_term(demo, spire):
    fall, spring = a_row(), a_row("51234", "1273")
    await put_rows(demo, [fall, spring])

    answer = (await spire.get(f"/students/{EMPLID}/enrollments?strm=1267")).json()

    assert answer["rows"] == [fall | {"emplid": EMPLID}]
    assert answer["term_withdrawals"] == []
    assert answer["as_of"] > "2026"


async def test_the_sequence_is_newer_than_every_row_and_never_falls_when_rows_vanish(demo, spire):
    """P17"""
    first = await put_rows(demo, [a_row(source_seq=500)], "30000017")
    await put_rows(demo, [], "30000017")

    answer = (await spire.get("/students/30000017/enrollments?strm=1267")).json()

    assert answer["rows"] == []
    assert answer["source_seq"] > first["source_seq"] > 500


async def test_a_term_withdrawal_comes_with_the_read_and_in_the_snapshot_as_a_line_of_its_own(demo, spire):
    """P18"""
    left = {"strm": "1101", "withdraw_code": "WDR", "effective_dt": "2026-10-01", "source_seq": 88200}
    await put_rows(demo, [a_row(strm="1101"), left], "30000018")

    answer = (await spire.get("/students/30000018/enrollments")).json()
    lines = await snapshot(spire, "1101")

    assert answer["term_withdrawals"] == [left]
    assert lines[0]["row_count"] == lines[-1]["row_count"] == 2
    assert lines[2] == left | {"emplid": "30000018"}


async def test_a_row_without_term_or_class_is_refused_and_nothing_replaced(demo):
    await put_rows(demo, [a_row()], "30000020")

    answer = await demo.put("/students/30000020/enrollments", json=[{"strm": "1267"}])

    assert answer.status_code == 422
    assert len((await demo.get("/students/30000020/enrollments")).json()["rows"]) == 1


async def test_a_snapshot_holds_the_whole_term_between_two_manifests(demo, spire):
    for n in range(5):
        await put_rows(demo, [a_row(strm="1103")], f"3110000{n}")

    first, *rows, last = await snapshot(spire, "1103")

    assert (first["strm"], first["row_count"]) == ("1103", 5)
    assert [row["emplid"] for row in rows] == [f"3110000{n}" for n in range(5)]
    assert last == {"complete": True, "row_count": 5}


@pytest.mark.parametrize(("mode", "rows"), [("empty_snapshot", 0), ("half_snapshot", 3)])
async def test_a_wrong_snapshot_still_carries_a_manifest_that_fits(demo, spire, mode, rows):
    for n in range(5):
        await put_rows(demo, [a_row(strm="1105")], f"3120000{n}")
    await demo.put("/faults", json={"spire": {"mode": mode}})

    lines = await snapshot(spire, "1105")

    assert len(lines) == rows + 2
    assert lines[0]["row_count"] == lines[-1]["row_count"] == rows


async def test_a_truncated_snapshot_ends_without_its_last_line(demo, spire):
    await put_rows(demo, [a_row(strm="1107")], "31300000")
    await demo.put("/faults", json={"spire": {"mode": "truncated_snapshot"}})

    lines = await snapshot(spire, "1107")

    assert [line.get("emplid") for line in lines] == [None, "31300000"]


async def test_spire_that_is_down_says_when_to_come_again(demo, spire):
    await demo.put("/faults", json={"spire": {"mode": "down"}})

    answer = await spire.get("/snapshots/1267")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


async def test_spire_that_is_slow_answers_late(demo, spire):
    await demo.put("/faults", json={"spire": {"mode": "slow"}})

    started = time.monotonic()
    answer = await spire.get("/snapshots/1267")

    assert answer.status_code == 200
    assert time.monotonic() - started >= 0.3


async def test_a_fault_nobody_knows_is_refused_and_changes_nothing(demo):
    await demo.put("/faults", json={"spire": {"mode": "slow"}})

    assert (await demo.put("/faults", json={"spire": {"mode": "on_fire"}})).status_code == 422
    assert (await demo.get("/faults")).json()["spire"] == {"mode": "slow"}
