"""What intake says of a Handshake event beforehand is what happens to it when it comes over Kafka (P36)."""

import json

import pytest

from cpt.contracts.envelope import headers_of
from cpt.messaging.delivery import Delivery
from cpt.messaging.record import Record
from tests.campus_events import agrees, an_example, as_record, changed, of_bytes, saying
from tests.component.intake import happened

APPROVAL = an_example("approval")
TABLE = [
    APPROVAL,
    an_example("declined"),
    saying(APPROVAL, previous_status=..., terms=..., approved_at=..., more="than agreed"),
    saying(APPROVAL, start_date="2026-12-12"),
    saying(APPROVAL, start_date="2026-12-12", kind="job", version="three"),
    saying(APPROVAL, status="signed", end_date=None),
    saying(APPROVAL, version=2**31),
    saying(APPROVAL, employer="Bay\0state"),
    saying(APPROVAL, employer="B" * 201),
    saying(APPROVAL, agreement_id=..., emplid=...),
    saying(APPROVAL, approved_at="in August"),
    of_bytes(APPROVAL, b"not JSON"),
    changed(APPROVAL, id=None, time="2026-08-25"),
    changed(APPROVAL, type="com.joinhandshake.agreement-changed.v2"),
    changed(APPROVAL, type="edu.umass.cpt.something-new.v1"),
    an_example("drop"),
    changed(APPROVAL, type="edu.umass.cpt.i20-issued.v1"),
]


async def test_the_verdict_is_what_happens_to_the_same_event_over_kafka(intake, web):
    deliver, different = Delivery(intake.consumer, intake.database), []
    async with web("handshake", "handshake-1") as http:
        for number, event in enumerate(TABLE):
            if "id" in event:
                event = event | {"id": f"event-{number}"}  # noqa: PLW2901 or the inbox would know it
            headers = {"Content-Type": "application/cloudevents+json"}
            answer = await http.post("/campus/events/validate", content=json.dumps(event), headers=headers)
            (verdict,) = answer.json()["events"]
            before = await counted(intake)
            await deliver([as_record(event, "campus.agreement", f"3002{number:04}", number)])
            (fate,) = (name for name, count in (await counted(intake)).items() if count > before[name])
            why = await reason(intake, f"3002{number:04}")
            if not agrees(verdict, fate, why):
                different.append((event, verdict, fate, why))

    assert different == []


async def counted(intake):
    async with intake.database.connection() as connection:
        row = await connection.fetchrow("SELECT processed, parked, ignored, duplicates FROM progress")
    return dict(row) if row else dict.fromkeys(("processed", "parked", "ignored", "duplicates"), 0)


async def reason(intake, key):
    async with intake.database.connection() as connection:
        return await connection.fetchval("SELECT reason FROM parked WHERE key = $1", key)


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (an_example("drop"), "enrollment-sync, topic campus.enrollment"),
        (changed(APPROVAL, type="edu.umass.cpt.i20-issued.v1"), "No campus system"),
    ],
)
async def test_an_event_at_the_wrong_door_is_refused_and_the_right_one_named(intake, web, event, where):
    """P36: 202 would say that it takes effect. Handshake has no say in what the office decides."""
    headers = {"Content-Type": "application/cloudevents+json"}
    async with web("handshake", "handshake-1") as http:
        sent = await http.post("/campus/events", content=json.dumps(event), headers=headers)
        asked = (await http.post("/campus/events/validate", content=json.dumps(event), headers=headers)).json()

    (fault,) = sent.json()["errors"]
    (verdict,) = asked["events"]
    assert (sent.status_code, fault["field"], fault["code"]) == (422, "type", "wrong_topic")
    assert where in fault["message"]
    assert verdict["verdict"] == "refused"
    assert fault in verdict["faults"]
    async with intake.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 0


async def test_an_event_of_the_office_on_a_campus_topic_is_parked_and_has_no_effect(intake):
    """Case 67: who may write to one topic tells only what belongs there."""
    request_id = await intake.complete()
    issued = happened.issued(await intake.request(request_id))
    headers = headers_of(issued, event_id="forged", time=intake.now, sequence=1, extra={})
    record = Record("campus.agreement", 0, 1, 1, request_id, headers, issued.model_dump_json().encode())

    await Delivery(intake.consumer, intake.database)([record])

    assert (await intake.view(request_id)).state == "complete"
    assert "No campus system sends this type" in await reason(intake, request_id)
