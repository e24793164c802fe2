"""A worker on a real broker: what a handler, a body, a header or a crash can do to it (docs/architecture.md, P34)."""

import asyncio

import httpx2
import pytest
from pydantic import SecretStr

from cpt.contracts.envelope import headers_of
from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer, Reject, Retry
from cpt.messaging.bounds import DeliveryLimits
from cpt.messaging.delivery import Delivery
from cpt.messaging.kafka import Subscription, build_broker
from cpt.messaging.parking import list_parked
from cpt.messaging.replay import discard
from cpt.messaging.traffic import show_traffic
from cpt.postgres import PostgresSettings
from cpt.runtime.health import ready_checks
from cpt.runtime.settings import HttpSettings, Settings
from cpt.runtime.upkeep import measure
from cpt.runtime.worker import Worker
from infra.devstack.ports import free_port
from tests.integration.conftest import sending, until
from tests.messages import NOW, an_event


class Stubborn(Consumer):
    """Writes down what it handles; a message named in `troubles` fails that many times first."""

    def __init__(self, topic):
        super().__init__(f"group-{topic}")
        self.troubles = {}
        self.handled = asyncio.Event()

        @self.on(AgreementLost, topic)
        async def on_agreement_lost(connection, envelope):
            await connection.execute("INSERT INTO effect (what) VALUES ($1)", envelope.event.why)
            left, error = self.troubles.get(envelope.event.why, (0, None))
            if left:
                self.troubles[envelope.event.why] = (left - 1, error)
                raise error
            self.handled.set()


async def send(settings, topic, event, *, event_id, value=None, extra=()):
    headers = headers_of(event, event_id=event_id, time=NOW, sequence=1, extra={})
    raw = [(key, text.encode()) for key, text in headers.items()] + list(extra)
    body = event.model_dump_json().encode() if value is None else value
    async with sending(settings) as producer:
        await producer.send_and_wait(topic, body, key=event.key.encode(), headers=raw)


@pytest.fixture
async def consuming(database, kafka_settings, topic):
    """`await consuming(limits)` starts a consumer of a new topic; it is stopped at the end."""
    brokers = []

    async def start(limits=None, name=None):
        name = name or await topic()
        consumer = Stubborn(name)
        broker = build_broker(kafka_settings, "tests")
        subscription = Subscription(broker, Delivery(consumer, database, limits), kafka_settings)
        await broker.start()
        brokers.append(broker)
        return name, consumer, subscription, broker

    yield start
    for broker in brokers:
        await broker.stop()


def effects_are(database, *expected):
    async def effects():
        async with database.connection() as connection:
            rows = await connection.fetch("SELECT what FROM effect ORDER BY at")
        return [row["what"] for row in rows] == list(expected)

    return effects


async def test_a_handler_that_raises_for_a_while_loses_nothing(consuming, database, kafka_settings):
    name, consumer, _, _ = await consuming()
    consumer.troubles["stubborn"] = (2, Retry("later"))
    await send(kafka_settings, name, an_event("a", "stubborn"), event_id="1")
    await send(kafka_settings, name, an_event("a", "next"), event_id="2")

    await until(effects_are(database, "stubborn", "next"))


async def test_a_budget_that_is_spent_brings_the_rest_again(consuming, database, kafka_settings):
    """P34: longer trouble than one delivery may last; nothing is parked."""
    name, consumer, _, _ = await consuming(DeliveryLimits(budget=0.3))
    consumer.troubles["stubborn"] = (8, Retry("later"))
    await send(kafka_settings, name, an_event("a", "stubborn"), event_id="1")

    await until(effects_are(database, "stubborn"))
    assert await list_parked(database, consumer.name) == []


async def test_an_undecodable_body_and_undecodable_headers_are_parked_or_read(consuming, database, kafka_settings):
    """stack.md 1.3: one of them stops a stock subscriber, the other is silently lost by it."""
    name, consumer, _, _ = await consuming()
    await send(kafka_settings, name, an_event("a"), event_id="1", value=b"\xff\xfe")
    await send(kafka_settings, name, an_event("b", "odd"), event_id="2", extra=[("x", b"\xff"), ("y", None)])
    await send(kafka_settings, name, an_event("c", "c"), event_id="3")

    await until(effects_are(database, "odd", "c"))
    assert [row["key"] for row in await list_parked(database, consumer.name)] == ["a"]


async def test_a_poison_message_does_not_stop_other_keys_of_its_partition(consuming, database, kafka_settings):
    """Case 67."""
    name, consumer, _, _ = await consuming()
    consumer.troubles["poison"] = (99, Reject("no"))
    await send(kafka_settings, name, an_event("a", "poison"), event_id="1")
    await send(kafka_settings, name, an_event("a", "behind"), event_id="2")
    await send(kafka_settings, name, an_event("b", "b"), event_id="3")

    await until(effects_are(database, "b"))
    assert [row["waiting_behind"] for row in await list_parked(database, consumer.name)] == [1]


async def test_a_reply_to_header_publishes_nothing(consuming, database, kafka_settings):
    """stack.md 1.2."""
    name, _, _, _ = await consuming()
    await send(kafka_settings, name, an_event("a", "a"), event_id="1", extra=[("reply_to", name.encode())])
    await send(kafka_settings, name, an_event("b", "b"), event_id="2")

    await until(effects_are(database, "a", "b"))


async def test_a_second_worker_takes_over_and_each_event_takes_effect_once(consuming, database, kafka_settings, topic):
    """P31: a rebalance while work is under way."""
    name = await topic(partitions=6)
    _, first, _, broker = await consuming(name=name)
    async with sending(kafka_settings) as producer:
        for number in range(200):
            event = an_event(f"key-{number}", f"{number}")
            headers = headers_of(event, event_id=f"{number}", time=NOW, sequence=1, extra={})
            raw = [(key, text.encode()) for key, text in headers.items()]
            await producer.send(name, event.model_dump_json().encode(), key=event.key.encode(), headers=raw)
    await first.handled.wait()
    await consuming(name=name)
    await broker.stop()

    async def all_once():
        async with database.connection() as connection:
            row = await connection.fetchrow("SELECT count(*), count(DISTINCT what) AS different FROM effect")
        return tuple(row) == (200, 200)

    await until(all_once, seconds=40)


async def test_the_consumer_stops_at_the_bound_and_readiness_says_so(consuming, database, kafka_settings):
    """Issue 5, part 5: what comes after waits in Kafka; a person's decision lets it go on."""
    name, consumer, subscription, _ = await consuming(DeliveryLimits(budget=0.3, parked=1))
    consumer.troubles["no"] = (9, Reject("the rule refuses it"))
    readiness = ready_checks(database, subscription, [])["parking"]
    await send(kafka_settings, name, an_event("a", "no"), event_id="e1")
    await until(subscription.delivery.full)

    assert await readiness() == "too much was parked"
    await send(kafka_settings, name, an_event("b", "no"), event_id="e2")
    (parked,) = await list_parked(database, consumer.name)
    await discard(database, consumer, parked["id"], "operator", "a test")

    async def next_is_parked():
        return [row["event_id"] for row in await list_parked(database, consumer.name)] == ["e2"]

    await until(next_is_parked)


async def test_the_web_process_learns_how_much_waits_without_a_kafka_client(database, kafka_settings, topic):
    """docs/architecture.md: what the worker last heard stands in the database; one record is in hand, two wait behind it."""
    name, one_by_one = await topic(), kafka_settings.model_copy(update={"max_records": 1})
    consumer, broker = Stubborn(name), build_broker(one_by_one, "tests")
    consumer.troubles["first"] = (10_000, Retry("not yet"))
    subscription = Subscription(broker, Delivery(consumer, database), one_by_one)
    await broker.start()
    for why in ("first", "second", "third"):
        await send(kafka_settings, name, an_event(why=why), event_id=why)

    async def two_wait():
        await measure(database, subscription)
        return (await show_traffic(database, consumer.name))["lag"] == 2

    await until(two_wait, 60)
    assert (await show_traffic(database, consumer.name))["silent_seconds"] < 60
    consumer.troubles.clear()
    await broker.stop()


async def test_every_subscriber_has_the_options_whose_defaults_lose_something(consuming):
    """stack.md 1.2: asserted on what the client library really got."""
    _, _, subscription, broker = await consuming()
    client = subscription.membership.consumer

    assert (client._auto_offset_reset, client._enable_auto_commit, client._group_id[:6]) == (
        "earliest",
        False,
        "group-",
    )
    assert (subscription._subscriber._no_reply, broker.config.broker_config.allow_auto_create_topics) == (True, False)
    assert subscription._subscriber.ack_policy.name == "NACK_ON_ERROR"


async def test_probes_tell_the_truth_while_kafka_is_away_and_after_it_came(database_url, database, kafka, topic):
    """stack.md 1.6: not ready but alive without a broker."""
    http_port, dead_port = free_port(), free_port()
    consumer = Stubborn(await topic())
    settings = Settings(
        postgres=PostgresSettings(dsn=SecretStr(database_url)),
        http=HttpSettings(port=http_port),
        kafka={"bootstrap_servers": f"127.0.0.1:{dead_port}"},
    )
    worker = Worker("demo", settings, database, consumer)
    running = asyncio.create_task(worker.run())
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{http_port}") as http:

        async def not_ready():
            try:
                answer = await http.get("/readyz")
            except httpx2.TransportError:
                return False
            return answer.status_code == 503 and answer.json()["parts"]["kafka"] != "ok"

        await until(not_ready)
        assert (await http.get("/livez")).status_code == 200
        assert "cpt_loop_steps_total" in (await http.get("/metrics")).text
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
