"""What is read of the Kafka client beside its public names is listed here, and is still there (decision 13)."""

import re

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import SubscriptionState

from tests.rules import ROOT

READ = {
    "messaging/inspection.py": {"_client"},
    "messaging/membership.py": {"_coordination_task", "_coordinator", "_heartbeat_task", "_subscription"},
    "messaging/relay.py": {"_batches", "_message_accumulator", "_pending_batches", "_sender"},
    "messaging/rewind.py": {"_client"},
    "runtime/consuming.py": {"_client"},
}
NOWHERE = "127.0.0.1:1"


def test_every_private_name_that_is_read_is_listed():
    """The linter refuses one that has no mark on its line."""
    found = {}
    for path in [*(ROOT / "shared/src/cpt").rglob("*.py"), *(ROOT / "services").rglob("*.py")]:
        marked = [line.partition("#")[0] for line in path.read_text("utf-8").splitlines() if "noqa: SLF001" in line]
        if marked:
            names = {name for line in marked for name in re.findall(r"\.(_[a-z]\w*)", line)}
            found[str(path.relative_to(ROOT / "shared/src/cpt"))] = names

    assert found == READ


async def test_the_producer_has_what_the_relay_lets_go_of():
    producer = AIOKafkaProducer(bootstrap_servers=NOWHERE)

    assert callable(producer._sender.close)
    assert producer._message_accumulator._batches == {}
    assert producer._message_accumulator._pending_batches == set()
    await producer.stop()


async def test_the_consumer_has_what_is_watched_and_asked():
    consumer = AIOKafkaConsumer(bootstrap_servers=NOWHERE)

    assert consumer._coordinator is None
    assert consumer._subscription.subscription is None
    assert callable(consumer._client.set_topics)
    assert callable(consumer._client.close)
    await consumer.stop()


async def test_a_partition_has_the_state_that_lag_is_read_from():
    place, subscriptions = TopicPartition("line", 0), SubscriptionState()
    subscriptions.subscribe({"line"})
    subscriptions.assign_from_subscribed([place])
    assignment = subscriptions.subscription.assignment

    state = assignment.state_value(place)

    assert assignment.tps == {place}
    assert (state.timestamp, state.highwater, state.has_valid_position) == (None, None, False)


async def test_the_coordinator_has_the_tasks_that_keep_a_membership():
    client = AIOKafkaConsumer(bootstrap_servers=NOWHERE)._client
    coordinator = GroupCoordinator(client, SubscriptionState(), group_id="review")

    assert coordinator._heartbeat_task is None
    assert not coordinator._coordination_task.done()
    assert coordinator.coordinator_id is None
    assert coordinator.generation == -1
    coordinator._coordination_task.cancel()
