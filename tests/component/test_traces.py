"""A message goes on with the trace it came with, and what it causes carries that trace further."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cpt import tracing
from cpt.contracts.campus import EnrollmentChanged
from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer, append
from cpt.messaging.delivery import Delivery
from tests.component.enrollment_sync.told import changed
from tests.messages import NOW, a_record, an_event

ONE, OTHER = (f"00-{digit * 32}-b7ad6b7169203331-01" for digit in "ab")


@pytest.fixture
def told(monkeypatch):
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "TRACER", provider.get_tracer("tests"))
    return exporter.get_finished_spans


@pytest.fixture
def deliver(messaging_database):
    """Each message tells one event of its own."""
    consumer = Consumer("review")

    @consumer.on(AgreementLost)
    @consumer.on(EnrollmentChanged)
    async def on_event(connection, envelope):
        await append(connection, an_event(f"caused-by-{envelope.id}"), sequence=1, now=NOW)

    return Delivery(consumer, messaging_database)


async def carried(database):
    """By key: the trace that each event in the outbox carries."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT key, headers ->> 'traceparent' AS carried FROM outbox ORDER BY seq")
    return {row["key"]: row["carried"] and row["carried"][3:35] for row in rows}


def with_trace(record, traceparent):
    record.headers["traceparent"] = traceparent
    return record


async def test_each_message_of_a_batch_goes_on_with_its_own_trace(deliver, messaging_database, told):
    """Issue 7, point 3: the third came without a trace and begins none."""
    await deliver(
        [
            with_trace(a_record(an_event("a"), event_id="1"), ONE),
            with_trace(a_record(an_event("b"), event_id="2"), OTHER),
            a_record(an_event("c"), event_id="3"),
        ]
    )

    found = await carried(messaging_database)
    assert found == {"caused-by-1": "a" * 32, "caused-by-2": "b" * 32, "caused-by-3": None}
    assert {trace.format_trace_id(span.context.trace_id) for span in told()} == {"a" * 32, "b" * 32}


async def test_no_span_names_the_student_of_a_campus_event(deliver, told):
    """Case 66: the key of a campus event is the student's number."""
    await deliver([with_trace(a_record(changed(emplid="30012345"), topic="campus.enrollment"), ONE)])

    (span,) = told()
    assert span.name == "process edu.umass.spire.enrollment-changed.v1"
    assert "30012345" not in str((dict(span.attributes), span.name, span.events))


async def test_a_transaction_is_a_span_of_the_work_it_belongs_to_and_none_by_itself(messaging_database, told):
    """OpenTelemetry's conventions for databases; without the queries, whose parameters are people's."""
    async with messaging_database.transaction() as connection:
        await connection.execute("SELECT 1")
    assert told() == ()

    with tracing.following(ONE, "check enrollment"):
        async with messaging_database.transaction() as connection:
            await connection.execute("SELECT 1")

    span, outer = told()
    assert (span.name, span.parent.span_id) == (f"transaction {messaging_database.schema}", outer.context.span_id)
    assert span.attributes == {
        "db.system.name": "postgresql",
        "db.namespace": messaging_database.schema,
        "db.operation.name": "transaction",
    }


async def test_without_a_collector_nothing_is_carried(deliver, messaging_database):
    await deliver([a_record(an_event("a"), event_id="1")])

    assert await carried(messaging_database) == {"caused-by-1": None}
