"""CloudEvents over HTTP: three modes, one answer that names every fault (P36)."""

import base64
import json
from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from cpt.contracts.envelope import REQUIRED, InvalidEnvelope, decode
from cpt.web.cloudevents import BATCHED, STRUCTURED, parse_cloud_events
from cpt.web.problems import Problem

TOPIC = "campus.enrollment"
EVENT = {
    "specversion": "1.0", "id": "ev-1", "source": "/spire/enrollment", "type": "edu.umass.spire.x.v1",
    "time": "2026-09-30T14:03:11.25-04:00", "subject": "30012345", "data": {"emplid": "30012345", "units": "1.00"},
}  # fmt: skip


def a_request(body, content_type=STRUCTURED, **headers):
    async def receive():
        return {"type": "http.request", "body": body if isinstance(body, bytes) else json.dumps(body).encode()}

    given = {"content-type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    return Request({"type": "http", "method": "POST", "path": "/campus/events", "headers": raw}, receive)


async def refused(body, content_type=STRUCTURED, **headers):
    with pytest.raises(Problem) as caught:
        await parse_cloud_events(a_request(body, content_type, **headers), TOPIC)
    assert caught.value.status_code == 422
    return {error.field for error in caught.value.errors}


async def test_a_structured_event_goes_out_as_it_came():
    (event,) = await parse_cloud_events(a_request(EVENT), TOPIC)

    assert (event.id, event.source, event.key) == ("ev-1", "/spire/enrollment", "30012345")
    assert event.time == datetime(2026, 9, 30, 18, 3, 11, 250_000, UTC)
    assert event.headers["ce_time"] == EVENT["time"]
    assert event.headers.keys() >= set(REQUIRED)
    assert json.loads(event.data) == EVENT["data"]


async def test_a_binary_event_is_read_from_its_headers():
    headers = {f"ce_{name}": EVENT[name] for name in ("specversion", "source", "type", "time")}

    (event,) = await parse_cloud_events(
        a_request(b'{"emplid": "7"}', "application/json", ce_id="caf%C3%A9", **headers), TOPIC
    )

    assert (event.id, event.key, event.data) == ("café", "7", b'{"emplid": "7"}')
    assert event.headers["content-type"] == "application/json"


async def test_a_batch_keeps_its_order():
    events = await parse_cloud_events(a_request([EVENT | {"id": f"{n}"} for n in range(3)], BATCHED), TOPIC)

    assert [event.id for event in events] == ["0", "1", "2"]


async def test_every_fault_of_every_event_is_named_at_once():
    broken = {"specversion": "0.3", "id": "a\nb", "time": "yesterday", "Bad": "x", "source": ["/"], "data": 1}

    assert await refused([EVENT, broken, 7], BATCHED) == {
        "1.specversion", "1.id", "1.time", "1.'Bad'", "1.source", "1.type",
        "2.specversion", "2.id", "2.source", "2.type", "2.time", "2.data",
    }  # fmt: skip


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"[" + b"9" * 5000 + b"]"])
async def test_unreadable_json_is_refused(body):
    assert await refused(body) == set()


@pytest.mark.parametrize("time", ["2026-09-30", "2026-09-30T14:03:11", "1790000000", "2026-13-30T14:03:11Z"])
async def test_a_time_without_a_clear_moment_is_refused(time):
    assert await refused(EVENT | {"time": time}) == {"time"}


@pytest.mark.parametrize(
    "data", [dict(data_base64="!"), dict(data_base64=7), dict(data="\ud800"), dict(data=1, data_base64="")]
)
async def test_data_that_cannot_be_had_is_refused(data):
    event = {name: value for name, value in EVENT.items() if name != "data"}

    assert await refused(event | data) == {"data"}


async def test_a_body_without_a_student_is_taken_under_its_own_key():
    """What the data says is judged by the consumer, which parks this one alone."""
    event = {name: value for name, value in EVENT.items() if name != "data"}

    (taken,) = await parse_cloud_events(a_request(event | {"data_base64": base64.b64encode(b"\xff").decode()}), TOPIC)

    assert (taken.key, taken.data) == ("ev-1", b"\xff")
    with pytest.raises(InvalidEnvelope):
        decode(taken.headers, taken.data)


async def test_no_event_at_all_names_what_is_required():
    assert await refused(b"", "application/json") == {"specversion", "id", "source", "type", "time"}


@pytest.mark.parametrize("name", ["id", "source", "type", "time", "subject"])
async def test_a_number_is_no_text(name):
    """CloudEvents 1.0: these attributes are strings, also in JSON; 7 and "7" would be one id here and two elsewhere."""
    assert await refused(EVENT | {name: 7}) == {name}
