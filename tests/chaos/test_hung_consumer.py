"""A consumer that hangs is told by its liveness, so that whoever runs it starts it again."""

import asyncio
from types import SimpleNamespace

from cpt.contracts.enrollment import MonitoringAlive
from cpt.messaging import Consumer
from cpt.messaging.delivery import Delivery
from cpt.messaging.kafka import Subscription, build_broker
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.postgres import Database
from tests.chaos.test_crash_points import POSTGRES


class Hanging(Delivery):
    """A delivery whose end a test decides."""

    def __init__(self, consumer):
        super().__init__(consumer, Database(POSTGRES, "review", "tests"))
        self.end = asyncio.Event()

    async def __call__(self, _records):
        await self.end.wait()


def build_consumer():
    consumer = Consumer("review")
    consumer.on(MonitoringAlive)(None)
    return consumer


async def test_a_delivery_that_does_not_end_is_no_healthy_consumer():
    """Issue 5.3, P34: the tasks of a hung consumer still run; only the time of its delivery tells."""
    settings = KafkaSettings()
    delivery = Hanging(build_consumer())
    subscription = Subscription(build_broker(settings, "tests"), delivery, settings)
    subscription.patience = 0.0

    running = asyncio.create_task(subscription._on_batch(SimpleNamespace(raw_message=())))
    await asyncio.sleep(0.01)
    hung = subscription.hangs()
    delivery.end.set()
    await running

    assert hung
    assert not subscription.hangs()
