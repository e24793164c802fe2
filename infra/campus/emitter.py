"""The registrar's and Handshake's way onto Kafka: a producer that waits for the broker instead of failing at start."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from infra.campus.records import CloudEvent, Record, record_of

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
STOP_SECONDS = 3.0
SEND_SECONDS = 15.0  # shorter than the client's own 40 s, so that a person sees an answer


class NotConnectedError(Exception):
    """Kafka cannot be reached now; nothing, or not all, was acknowledged."""


@dataclass(slots=True)
class Emitter:
    """`bootstrap` may be empty: then nothing can be sent."""

    bootstrap: str
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _producer: Any = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def state(self) -> str:
        if not self.bootstrap:
            return "not configured"
        return "connected" if self.connected.is_set() else "connecting"

    def start(self) -> None:
        if self.bootstrap:
            self._in_background(self._connect())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._producer:
            with contextlib.suppress(TimeoutError):  # a broker that went away first acknowledges nothing any more
                await asyncio.wait_for(self._producer.stop(), STOP_SECONDS)

    async def send(self, events: Iterable[CloudEvent], follow: Callable[[CloudEvent], None]) -> list[dict[str, Any]]:
        """Send in the order given and wait for every acknowledgement; `follow` runs right before each is sent, as a
        campus system changes first and reports then. Raises NoTopicError (nothing sent) and NotConnectedError.
        """
        pairs = [(event, record_of(event)) for event in events]
        producer = self._producer
        if producer is None:
            raise NotConnectedError(f"Kafka is {self.state}")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                futures = [await _hand_over(producer, event, record, follow) for event, record in pairs]
                places = await asyncio.gather(*futures)
        except (KafkaError, TimeoutError) as error:
            self._replace(producer)
            raise NotConnectedError(f"Kafka did not acknowledge every event ({type(error).__name__})") from error
        return [_receipt(event, place) for (event, _), place in zip(pairs, places, strict=True)]

    async def _connect(self) -> None:
        while self._producer is None:
            producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True)
            try:
                await producer.start()
                self._producer = producer
                self.connected.set()
            except (KafkaError, OSError) as error:
                log.debug("action=kafka_not_there error=%s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                if self._producer is not producer:
                    await producer.stop()

    def _replace(self, producer: AIOKafkaProducer) -> None:
        """An idempotent producer that failed once may fail for ever (aiokafka#1017)."""
        if self._producer is producer:
            self._producer = None
            self.connected.clear()
            self._in_background(producer.stop())
            self.start()

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _hand_over(
    producer: AIOKafkaProducer, event: CloudEvent, record: Record, follow: Callable[[CloudEvent], None]
) -> asyncio.Future[Any]:
    follow(event)
    future: asyncio.Future[Any] = await producer.send(
        record.topic, value=record.value, key=record.key, headers=record.headers
    )
    return future


def _receipt(event: CloudEvent, place: Any) -> dict[str, Any]:
    return {"id": event.get("id"), "topic": place.topic, "partition": place.partition, "offset": place.offset}
