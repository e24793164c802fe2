"""What intake says of a Handshake event beforehand is what happens to it when it comes over Kafka (P36)."""

import json

from cpt.messaging.delivery import Delivery
from tests.campus_events import agrees, an_example, as_record, changed, of_bytes, saying

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
