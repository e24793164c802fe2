"""What machines and operators call, with tokens of the campus's sign-in (docs/api, P36)."""

from datetime import UTC, datetime

import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.messaging.delivery import Delivery
from cpt.messaging.record import Record
from tests.component.enrollment_sync.told import a_row, changed, submitted


def a_cloud_event(event_id="ev-1", **attributes):
    event = changed()
    given = {
        "specversion": "1.0", "id": event_id, "source": event.SOURCE, "type": event.TYPE,
        "time": "2026-09-20T10:00:00-04:00", "data": event.model_dump(mode="json"),
    }  # fmt: skip
    return given | attributes


async def post(web, headers, body, kind="application/cloudevents-batch+json"):
    return await web.post("/campus/events", json=body, headers={**headers, "Content-Type": kind})


async def test_events_over_http_go_out_as_they_came(web, as_role, sync):
    """P36: original id, source, time and key."""
    answer = await post(web, await as_role("registrar"), [a_cloud_event("a"), a_cloud_event("b")])

    rows = await sync.rows("SELECT event_id, topic, key, headers FROM outbox ORDER BY seq")
    assert answer.status_code == 202
    assert [(row["event_id"], row["topic"], row["key"]) for row in rows] == [
        ("a", "campus.enrollment", "30012345"),
        ("b", "campus.enrollment", "30012345"),
    ]
    assert rows[0]["headers"]["ce_time"] == "2026-09-20T10:00:00-04:00"


async def test_a_malformed_envelope_names_every_fault_and_nothing_is_taken(web, as_role, sync):
    answer = await post(web, await as_role("registrar"), [a_cloud_event(), a_cloud_event(id="", time="now")])

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"1.id", "1.time"}
    assert await sync.rows("SELECT 1 FROM outbox") == []


async def test_a_body_nobody_can_read_goes_the_way_of_kafka(web, as_role, sync):
    """docs/api: body faults are parked by the consumer, not refused here."""
    answer = await post(web, await as_role("registrar"), [a_cloud_event(data={"emplid": "30012345", "units": []})])

    assert answer.status_code == 202
    assert len(await sync.rows("SELECT 1 FROM outbox")) == 1


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "/campus/events", "registrar"),
        ("POST", "/api/reconcile/1267", "operations"),
        ("GET", "/api/reconcile", "operations"),
        ("PUT", "/api/calendar", "operations"),
        ("GET", "/api/codes", "operations"),
        ("PUT", "/api/codes", "operations"),
        ("GET", "/api/alarms", "operations"),
        ("GET", "/api/parked", "operations"),
    ],
)
async def test_only_its_own_role_may_call(web, as_role, method, path, role):
    """docs/api: 401 without a token, 403 with another role."""
    other = await as_role("adviser" if role == "registrar" else "registrar")

    assert (await web.request(method, path)).status_code == 401
    assert (await web.request(method, path, headers=other, json={})).status_code == 403


async def test_a_run_that_was_asked_for_is_done_and_listed(web, as_role, sync):
    """docs/api: 202 with the run's id, then its outcome."""
    operator = await as_role("operations")
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()

    asked = await web.post("/api/reconcile/1267", headers=operator)
    while await sync.snapshots.step():
        pass

    runs = {run["run_id"]: run for run in (await web.get("/api/reconcile", headers=operator)).json()}
    assert asked.status_code == 202
    assert runs[asked.json()["run_id"]]["outcome"] == "compared"


def the_calendar(**changes):
    return illustrative_calendar().to_form() | changes


async def test_a_revised_calendar_is_told_whole_and_every_watch_is_checked_again(web, as_role, sync):
    """Case 26, P21: the same calendar version opens the gate."""
    await sync.shows(a_row())
    await sync.hear(submitted())
    await sync.check()

    answer = await web.put("/api/calendar", headers=await as_role("operations"), json=the_calendar(version=2))
    sync.now = datetime.now(UTC)  # the web process has a clock of its own
    await sync.check()

    (event,) = await sync.published(CalendarRevised)
    assert (answer.status_code, event.version, event.calendar) == (200, 2, the_calendar(version=2))
    assert [found.calendar_version for found in await sync.answers()] == [1, 2]


@pytest.mark.parametrize(("form", "status"), [(the_calendar(version=1), 409), ({"version": 0, "terms": []}, 422)])
async def test_a_calendar_that_is_not_newer_or_not_whole_changes_nothing(web, as_role, sync, form, status):
    answer = await web.put("/api/calendar", headers=await as_role("operations"), json=form)

    assert answer.status_code == status
    assert await sync.rows("SELECT 1 FROM calendar_version") == []


async def test_open_alarms_are_listed_without_a_student(web, as_role, sync):
    """Case 66."""
    await sync.shows(a_row())
    await sync.faulty("down")
    await sync.hear(submitted())
    await sync.check()

    answer = await web.get("/api/alarms", headers=await as_role("operations"))

    assert [alarm["code"] for alarm in answer.json()] == ["spire_away"]
    assert "30012345" not in answer.text


async def test_an_event_that_somebody_kept_and_sends_again_has_no_second_effect(web, as_role, sync, database):
    """P31, P36: over HTTP it is durable each time; the inbox knows its source and id for a month."""
    await sync.hear(submitted())
    for _ in range(2):
        assert (await post(web, await as_role("registrar"), [a_cloud_event("kept")])).status_code == 202
    rows = await sync.rows("SELECT * FROM outbox WHERE topic = 'campus.enrollment' ORDER BY seq")
    delivery = Delivery(sync.consumer, database)

    for row in rows:
        record = Record(row["topic"], 0, row["seq"], 1, row["key"], row["headers"], bytes(row["payload"]))
        await delivery([record])

    assert len(rows) == 2
    assert len(await sync.rows("SELECT * FROM registrar_event")) == 1
    (counted,) = await sync.rows("SELECT processed, duplicates FROM progress")
    assert (counted["processed"], counted["duplicates"]) == (1, 1)


async def test_whose_request_the_key_of_a_message_names_is_known(sync):
    """A31: an operator who is a student decides about no message of their own request."""
    await sync.hear(submitted("r1"))

    async with sync.database.transaction() as connection:
        asked = [
            await sync.consumer.is_about(connection, *one)
            for one in (("r1", "30012345"), ("r1", "30099999"), ("r2", "30012345"))
        ]

    assert asked == [True, False, False]
