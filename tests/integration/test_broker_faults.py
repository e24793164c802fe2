"""What a broker can do to a worker: refuse it for a while, go away, come back. Probes tell, and nothing needs a hand."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager

import pytest
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest
from structlog.testing import capture_logs

from cpt.messaging.delivery import Delivery
from cpt.messaging.kafka import Subscription, build_broker, build_producer
from cpt.messaging.relay import Relay
from infra.devstack.patience import stretched
from tests.integration.brokers import at_work
from tests.integration.conftest import everything_on, until
from tests.integration.test_relay import empty, publish
from tests.integration.test_worker import Stubborn, effects_are, send
from tests.messages import an_event

GROUP, LITERAL, READ, DENY = 3, 3, 3, 2
"""Kafka's numbers for kinds of resources, patterns, operations and permissions."""
TEN_SECONDS = 10.0


@pytest.fixture
async def consumer(broker):
    consumer = Stubborn(f"test.{time.monotonic_ns()}")
    await broker.make_topic(consumer.topics[0])
    return consumer


@asynccontextmanager
async def denied(broker, group):
    """Nobody may read in the group, as after a slip in the access list."""
    rule = (GROUP, group, LITERAL, "User:ANONYMOUS", "*", READ, DENY)
    answer = await broker.asked(lambda admin: admin._send_to_controller(CreateAclsRequest(*rule)))
    assert {code for code, *_ in answer.creation_responses} == {0}
    try:
        yield
    finally:
        await broker.asked(lambda admin: admin._send_to_controller(DeleteAclsRequest(*rule)))


async def test_a_worker_that_was_refused_for_a_moment_consumes_again(broker, consumer, database, database_url):
    """P34: the client never joins again by itself and raises at each poll; not ready meanwhile, told, made anew."""
    (name,) = consumer.topics
    with capture_logs() as logs:
        async with at_work(database_url, consumer, broker.settings) as ask:
            await send(broker.settings, name, an_event("a", "before"), event_id="1")
            await until(effects_are(database, "before"))

            async def ready():
                return (await ask("/readyz"))[0] == 200

            await until(ready)
            async with denied(broker, consumer.name):

                async def not_ready():
                    return (await ask("/readyz"))[0] == 503

                async def made_anew():
                    return "consumer_made_anew" in [one["event"] for one in logs]

                await until(not_ready)
                await until(made_anew, 60)
                await send(broker.settings, name, an_event("a", "a secret"), event_id="2")
            await until(effects_are(database, "before", "a secret"), 20)
            assert (await ask("/livez"))[0] == 200
    told = [one for one in logs if one["event"] in ("consumer_met_an_error", "consumer_made_anew", "loop_failing")]
    assert any("GroupAuthorizationFailedError" in str(one) for one in told)
    assert "a secret" not in str(logs)


async def test_a_worker_lives_through_an_outage_of_kafka_and_drains_afterwards(
    broker, consumer, database, database_url
):
    """P32, P37: alive, not ready; what people do waits in the outbox, and leaves within ten seconds of the return."""
    (name,) = consumer.topics
    async with at_work(database_url, consumer, broker.settings) as ask:
        await publish(database, name, an_event("a", "before"))
        await until(effects_are(database, "before"))
        await broker.stop()
        await publish(database, name, an_event("a", "meanwhile"))

        until_then, seen = time.monotonic() + 40, set()
        while time.monotonic() < until_then:
            seen.add((await ask("/livez"))[0])
            await asyncio.sleep(1)
        ready, parts = await ask("/readyz")
        assert seen == {200}
        assert (ready, parts["kafka"] != "ok") == (503, True)

        await broker.start()
        await until(effects_are(database, "before", "meanwhile"), TEN_SECONDS)


async def test_no_step_of_the_relay_waits_for_ever_for_a_broker_that_is_silent(broker, consumer, database):
    """P32: frozen, it takes connections and answers nothing; nothing is lost and nothing doubled out of order."""
    relay = Relay(database, lambda: build_producer(broker.settings, "tests"))
    (name,) = consumer.topics
    await publish(database, name, an_event("a", "1"))
    await relay.step()
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:
        await publish(database, name, *(an_event("a", str(n)) for n in (2, 3)))
        for _ in range(2):
            with pytest.raises(Exception) as ended:  # noqa: PT011 whichever way it notices
                async with asyncio.timeout(stretched(120)) as hangs:
                    await relay.step()
            assert not hangs.expired(), ended.value
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)

    async def drained():
        try:
            await relay.step()
        except Exception:  # noqa: BLE001 the first rounds meet what the freeze has left
            return False
        return await empty(database)

    await until(drained, TEN_SECONDS)
    await relay.close()
    bodies = [record.value for record in await everything_on(name, broker.address, 3)]
    first_seen = list(dict.fromkeys(bodies))
    assert [body.split(b'"why":"')[1][:1] for body in first_seen] == [b"1", b"2", b"3"]


async def test_lag_is_never_a_number_of_long_ago(broker, consumer, database):
    """A worker that hears nothing shows no lag, and for how long it has been silent."""
    kafka = build_broker(broker.settings, "tests")
    subscription = Subscription(kafka, Delivery(consumer, database), broker.settings)
    await kafka.start()

    async def heard():
        return subscription.membership.hears_all()

    await until(heard)
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:

        async def silent():
            return subscription.lag() == {} and subscription.trouble() == "Kafka does not answer"

        await until(silent, 60)
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)
    await until(heard, 60)
    await kafka.stop()
