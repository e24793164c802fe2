"""What `POST /campus/events/validate` says of an event is what happens to it when it comes over Kafka (P36, case 8)."""

import json

import pytest

from cpt.messaging.delivery import Delivery
from tests.campus_events import agrees, an_example, as_record, changed, of_bytes, saying
from tests.component.enrollment_sync.told import submitted

DROP, WITHDRAWAL = an_example("drop"), an_example("term-withdrawal")
TABLE = [
    DROP,
    an_example("add"),
    WITHDRAWAL,
    saying(DROP, previous=..., enrl_request_id=..., actor=..., current__reason=None, current__grade="W"),
    saying(DROP, previous__status="X", a_new_field={"more": 1}),
    saying(DROP, current__status="X"),
    saying(DROP, current__status="X", current__reason="GONE", action="Z"),
    saying(DROP, current__status="X", current__units="many", strm=..., action=7),
    saying(DROP, current=...),
    saying(DROP, current=[]),
    saying(DROP, units="", effective_dt="30.09.2026", source_seq="last"),
    saying(DROP, source_seq=2**63),
    saying(DROP, units="1E+500"),
    saying(DROP, subject="COMP\0SCI"),
    saying(DROP, class_nbr="4" * 3000),
    saying(DROP, institution="UM\u200bAMH", session_code="\u202e1"),
    saying(DROP, effective_dt="2036-09-30"),
    saying(WITHDRAWAL, effective_dt="1926-09-30"),
    of_bytes(DROP, b'{"emplid": "30012345", "emplid": "30099999"}'),
    saying(DROP, emplid=...),
    saying(DROP, emplid=30012345),
    saying(WITHDRAWAL, withdraw_code="Q"),
    saying(WITHDRAWAL, withdraw_code=None, source_seq=...),
    saying(WITHDRAWAL, action="Z"),
    of_bytes(DROP, b""),
    of_bytes(DROP, b"\xff\xfe"),
    of_bytes(DROP, b"[1, 2]"),
    of_bytes(DROP, b"null"),
    of_bytes(DROP, b'{"emplid": "\\ud800", "current": {"status": "\\ud800"}}'),
    changed(DROP, id=None),
    changed(DROP, id="with / ? & % é 漢 and spaces", extension="7"),
    changed(DROP, id="x" * 501),
    changed(DROP, id=None, time="yesterday", data={"emplid": 1}),
    changed(DROP, specversion="0.3", time="2026-09-30T14:03:11"),
    changed(DROP, time="0001-01-01T00:00:00+14:00"),
    changed(DROP, time="1790000000"),
    changed(DROP, source=""),
    changed(DROP, type=None),
    changed(DROP, type="edu.umass.spire.enrollment-changed.v2"),
    changed(DROP, type="edu.umass.spire.grade-posted.v1", time=None),
    changed(DROP, type="com.example.something.v1"),
    changed(DROP, type="edu.umass.cpt.something-new.v1"),
    changed(an_example("approval")),
    saying(an_example("approval"), status="signed"),
]


async def validated(web, headers, event):
    answer = await web.post(
        "/campus/events/validate",
        content=json.dumps(event),
        headers={**headers, "Content-Type": "application/cloudevents+json"},
    )
    assert answer.status_code == 200, answer.text
    (verdict,) = answer.json()["events"]
    return verdict


async def test_the_verdict_is_what_happens_to_the_same_event_over_kafka(web, as_role, sync, database):
    """Each event about a watched student of its own, so that none waits behind another."""
    students = [f"3002{number:04}" for number in range(len(TABLE))]
    await sync.hear(*(submitted(f"r{emplid}", emplid=emplid) for emplid in students))
    registrar, deliver, different = await as_role("registrar"), Delivery(sync.consumer, database), []
    for number, (event, emplid) in enumerate(zip(TABLE, students, strict=True)):
        if isinstance(event.get("data"), dict) and event["data"].get("emplid") == "30012345":
            event = saying(event, emplid=emplid)  # noqa: PLW2901 the same event about this student
        if str(event.get("id", "")).startswith(("SPIRE", "HS")):
            event = event | {"id": f"event-{number}"}  # noqa: PLW2901 or the inbox would know it
        verdict = await validated(web, registrar, event)
        before = await counted(sync)
        await deliver([as_record(event, "campus.enrollment", emplid, number)])
        fate, why = await fate_of(sync, before, emplid)
        if not agrees(verdict, fate, why):
            different.append((event, verdict, fate, why))

    assert different == []
    assert (await counted(sync))["processed"] > 5


async def counted(sync):
    rows = await sync.rows("SELECT processed, parked, ignored, duplicates FROM progress")
    return rows[0] if rows else dict.fromkeys(("processed", "parked", "ignored", "duplicates"), 0)


async def fate_of(sync, before, emplid):
    (fate,) = (name for name, count in (await counted(sync)).items() if count > before[name])
    parked = await sync.rows("SELECT reason FROM parked WHERE key = $1", emplid)
    return fate, parked[0]["reason"] if parked else None


async def test_every_fault_of_envelope_and_data_is_named_at_once(web, as_role):
    """Case 8, docs/connect.md."""
    event = changed(
        saying(DROP, current__status="X", action="Z", units=..., effective_dt="soon"), id=None, time="now", Bad="x"
    )

    verdict = await validated(web, await as_role("registrar"), event)

    assert verdict["verdict"] == "refused"
    assert {(fault["field"], fault["code"]) for fault in verdict["faults"]} == {
        ("id", "missing"),
        ("time", "invalid"),
        ("'Bad'", "invalid_name"),
        ("data.units", "missing"),
        ("data.effective_dt", "date_from_datetime_parsing"),
        ("data.current.status", "unknown_code"),
        ("data.action", "unknown_code"),
    }


@pytest.mark.parametrize("mode", ["structured", "batched", "binary"])
async def test_the_three_modes_are_validated_and_nothing_is_kept(web, as_role, sync, mode):
    """docs/api."""
    bad = saying(DROP, action="Z")
    match mode:
        case "structured":
            sent, kind = {"json": bad}, {"Content-Type": "application/cloudevents+json"}
        case "batched":
            sent, kind = {"json": [bad, DROP]}, {"Content-Type": "application/cloudevents-batch+json"}
        case _:
            sent, kind = {"json": bad["data"]}, {f"ce-{name}": bad[name] for name in bad if name != "data"}

    answer = await web.post("/campus/events/validate", headers=await as_role("registrar") | kind, **sent)

    found = [(one["id"], one["verdict"]) for one in answer.json()["events"]]
    assert found == [(bad["id"], "parked"), (DROP["id"], "accepted")][: 2 if mode == "batched" else 1]
    for table in ("outbox", "accepted_event", "parked", "inbox", "registrar_event"):
        assert await sync.rows(f"SELECT FROM {table}") == []


async def test_the_verdict_does_not_say_who_is_watched(web, as_role, sync):
    """Case 58: the same answer for a student whom somebody watches and for one whom nobody does."""
    await sync.hear(submitted())
    registrar = await as_role("registrar")

    watched, unwatched = [await validated(web, registrar, saying(DROP, emplid=e)) for e in ("30012345", "30099999")]

    assert watched == unwatched
    assert watched["verdict"] == "accepted"


async def test_a_body_that_is_no_json_is_refused_whole(web, as_role):
    for body, kind in ((b"{", "cloudevents"), (b"{}", "cloudevents-batch")):
        headers = await as_role("registrar") | {"Content-Type": f"application/{kind}+json"}
        assert (await web.post("/campus/events/validate", content=body, headers=headers)).status_code == 422
