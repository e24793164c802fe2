"""Events go out over Kafka as the registrar and Handshake send them, and SPIRE's rows follow (interfaces, 2 and 4)."""

import asyncio
import contextlib
import json

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from infra.campus.server import free_port, running_campus
from infra.campus.settings import HOST, Settings
from infra.devstack.patience import stretched
from infra.devstack.topics import create_topics

TOPICS = ["campus.enrollment", "campus.agreement"]
ENROLLMENT = "edu.umass.spire.enrollment-changed.v1"
DATA = {
    "acad_career": "GRAD",
    "institution": "UMAMH",
    "strm": "1267",
    "session_code": "1",
    "class_nbr": "41234",
    "component": "PRA",
    "primary_class_nbr": "41234",
    "subject": "COMPSCI",
    "catalog_nbr": " 698",
    "units": "1.00",
    "grading_basis": "GRD",
    "previous": {"status": "E", "reason": "ENRL", "grade": None, "units": "1.00"},
    "current": {"status": "D", "reason": "DROP", "grade": None, "units": "0.00"},
    "action": "D",
    "effective_dt": "2026-09-30",
    "source_seq": 100,
}


@pytest.fixture(scope="module")
async def campus(kafka, tmp_path_factory):
    await create_topics(kafka)
    settings = Settings(port=0, smtp_port=0, kafka=kafka, state_dir=tmp_path_factory.mktemp("campus"))
    async with running_campus(settings) as running:
        yield running


@pytest.fixture
async def demo(campus):
    async with httpx2.AsyncClient(base_url=f"{campus.url}/demo") as client:
        yield client


@pytest.fixture
async def consumer(kafka):
    """Reads what is sent from now on."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    consumer.assign([TopicPartition(topic, n) for topic in TOPICS for n in range(6)])
    await consumer.seek_to_end()
    yield consumer
    await consumer.stop()


async def until_ready(client):
    async with asyncio.timeout(300):
        while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110 - it tells over HTTP only
            await asyncio.sleep(0.05)


def an_event(emplid="30000001", event_id="e1", kind=ENROLLMENT, source="/spire/enrollment", **changes):
    data = DATA | {"emplid": emplid} | changes
    time = "2026-09-30T14:00:00Z"
    return {
        "specversion": "1.0", "id": event_id, "source": source, "type": kind, "time": time, "subject": "s", "data": data
    }  # fmt: skip


async def received(consumer, number):
    records = []
    async with asyncio.timeout(stretched(20)):
        while len(records) < number:
            records += [record for batch in (await consumer.getmany(timeout_ms=200)).values() for record in batch]
    return records


async def rows_of(demo, emplid):
    return (await demo.get(f"/students/{emplid}/enrollments")).json()


async def test_an_event_is_a_kafka_record_in_binary_mode_keyed_by_the_student(demo, consumer):
    event = an_event("30000001", subject="学生 698")

    answer = await demo.post("/events", json=[event])

    [record] = await received(consumer, 1)
    assert answer.status_code == 200
    assert answer.json()["sent"][0]["offset"] == record.offset
    assert (record.topic, record.key) == ("campus.enrollment", b"30000001")
    assert json.loads(record.value.decode()) == event["data"]
    assert "学生".encode() in record.value
    assert dict(record.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"e1",
        "ce_source": b"/spire/enrollment",
        "ce_type": ENROLLMENT.encode(),
        "ce_subject": b"s",
        "ce_time": b"2026-09-30T14:00:00Z",
        "content-type": b"application/json",
    }


async def test_events_go_out_in_the_order_given_duplicates_included(demo, consumer):
    ids = [f"n{n}" for n in range(50)] + ["n7", "n0"]

    await demo.post("/events", json=[an_event("30000002", event_id) for event_id in ids])

    records = await received(consumer, len(ids))
    assert [dict(record.headers)["ce_id"].decode() for record in records] == ids


@pytest.mark.parametrize(
    ("kind", "source", "topic"),
    [
        ("edu.umass.spire.term-withdrawn.v1", "/spire/enrollment", "campus.enrollment"),
        ("com.joinhandshake.agreement-changed.v9", "/elsewhere", "campus.agreement"),
        ("unheard.of", "/handshake/experiences", "campus.agreement"),
        ("unheard.of", "/spire/enrollment", "campus.enrollment"),
    ],
)
async def test_the_topic_follows_the_type_and_else_the_source(demo, consumer, kind, source, topic):
    await demo.post("/events", json=[an_event(kind=kind, source=source)])

    [record] = await received(consumer, 1)
    assert record.topic == topic


async def test_an_event_of_no_campus_system_is_refused_and_none_of_its_list_is_sent(demo, consumer):
    nobodys = an_event(kind="unheard.of", source="/elsewhere")

    answer = await demo.post("/events", json=[an_event("30000003"), nobodys])
    await demo.post("/events", json=[an_event("30000004")])

    assert answer.status_code == 422
    assert [record.key for record in await received(consumer, 1)] == [b"30000004"]


@pytest.mark.parametrize("data", [{}, "no object", None, {"emplid": ""}, [1]])
async def test_malformed_data_is_sent_as_it_is_without_a_key(demo, consumer, data):
    answer = await demo.post("/events", json=[an_event() | {"data": data}])

    [record] = await received(consumer, 1)
    assert answer.status_code == 200
    assert (record.key, json.loads(record.value)) == (None, data)


async def test_bytes_that_are_no_json_can_be_sent_and_attributes_can_be_missing(demo, consumer):
    await demo.post("/events", json=[{"source": "/spire/enrollment", "data_base64": "e/8="}])

    [record] = await received(consumer, 1)
    assert record.value == b"{\xff"
    assert dict(record.headers) == {"ce_source": b"/spire/enrollment", "content-type": b"application/json"}


async def test_the_row_follows_with_the_current_state_and_without_previous_and_action(demo):
    await demo.post("/events", json=[an_event("30000010")])

    answer = await rows_of(demo, "30000010")

    expected = {name: value for name, value in DATA.items() if name not in {"previous", "current", "action"}}
    assert answer["rows"] == [expected | {"emplid": "30000010"} | DATA["current"]]
    assert answer["source_seq"] == 100


async def test_the_higher_sequence_stands_whatever_comes_last(demo):
    """Case 50"""
    again = {"status": "E", "reason": "ENRL", "grade": None, "units": "1.00"}
    readd = an_event("30000011", "readd", current=again, action="E", source_seq=101)
    drop = an_event("30000011", "drop", source_seq=100)

    await demo.post("/events", json=[readd, drop, readd, drop])

    answer = await rows_of(demo, "30000011")
    assert [(row["status"], row["source_seq"]) for row in answer["rows"]] == [("E", 101)]
    assert answer["source_seq"] == 101


async def test_one_class_number_in_two_terms_is_two_rows(demo):
    """Case 9"""
    await demo.post("/events", json=[an_event("30000012"), an_event("30000012", strm="1273", source_seq=101)])

    assert len((await rows_of(demo, "30000012"))["rows"]) == 2


async def test_a_term_withdrawal_leaves_the_class_rows_and_is_told_beside_them(demo):
    """Case 6"""
    left = {"strm": "1267", "withdraw_code": "WDR", "effective_dt": "2026-10-01", "source_seq": 102}
    withdrawn = an_event("30000013", kind="edu.umass.spire.term-withdrawn.v1") | {"data": {"emplid": "30000013"} | left}

    await demo.post("/events", json=[an_event("30000013"), withdrawn])

    answer = await rows_of(demo, "30000013")
    assert [row["source_seq"] for row in answer["rows"]] == [100]
    assert answer["term_withdrawals"] == [left]
    assert answer["source_seq"] == 102


@pytest.mark.parametrize(
    "event",
    [
        an_event("30000014", kind="edu.umass.spire.enrollment-changed.v2", source_seq=900),
        an_event("30000014", source_seq=None),
        an_event("30000014", current={}, source_seq=900),
        an_event("30000014", strm=None, source_seq=900),
    ],
)
async def test_what_spire_cannot_have_written_changes_no_row(demo, event):
    await demo.put("/students/30000014/enrollments", json=[{"strm": "1267", "class_nbr": "41234", "source_seq": 5}])
    before = await rows_of(demo, "30000014")

    assert (await demo.post("/events", json=[event])).status_code == 200

    after = await rows_of(demo, "30000014")
    assert (after["rows"], after["source_seq"]) == (before["rows"], before["source_seq"])


async def test_a_campus_whose_kafka_comes_late_starts_and_sends_then(kafka, tmp_path):
    port = free_port()
    settings = Settings(port=0, smtp_port=0, kafka=f"{HOST}:{port}", state_dir=tmp_path)
    async with running_campus(settings, await_kafka=False) as late, httpx2.AsyncClient(base_url=late.url) as client:
        refused = await client.post("/demo/events", json=[an_event("30000015")])
        not_ready, alive = await client.get("/readyz"), await client.get("/livez")
        unchanged = await client.get("/demo/students/30000015/enrollments")
        async with forwarded(port, kafka):
            await until_ready(client)
            sent = await client.post("/demo/events", json=[an_event("30000015")])

    assert (refused.status_code, not_ready.status_code, alive.status_code) == (503, 503, 200)
    assert not_ready.json() == {"mail": "ok", "kafka": "connecting"}
    assert unchanged.status_code == 404
    assert sent.status_code == 200


@contextlib.asynccontextmanager
async def forwarded(port, address):
    """A broker that appears: from now on this port leads to Kafka."""
    host, _, target = address.rpartition(":")

    async def pipe(reader, writer):
        with contextlib.suppress(ConnectionError), contextlib.closing(writer):
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()

    async def connect(reader, writer):
        there_reader, there_writer = await asyncio.open_connection(host, int(target))
        await asyncio.gather(pipe(reader, there_writer), pipe(there_reader, writer))

    async with await asyncio.start_server(connect, HOST, port):
        yield
