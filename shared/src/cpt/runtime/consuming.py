"""Keeps a worker consuming: begins as soon as Kafka can be reached, and makes a client anew that will not recover."""

import asyncio
import time

import structlog
from aiokafka.errors import KafkaConnectionError, KafkaError
from faststream.kafka import KafkaBroker

from cpt.messaging.kafka import Subscription
from cpt.messaging.within import within

log = structlog.get_logger()

START_SECONDS = 90.0
"""To join may take a whole rebalance of others."""
STOP_SECONDS = 30.0
"""The batch that runs, and the farewell to the group."""
BROKEN_SECONDS = 10.0
ILL_SECONDS = 120.0


class Keeper:
    """`step` is one look. A process whose broker is away lives on and tries again."""

    def __init__(self, broker: KafkaBroker, subscription: Subscription) -> None:
        self._broker, self._subscription = broker, subscription
        self._started = False
        self._ill_since: float | None = None

    async def step(self) -> int:
        """Always 0. Raises what kept it from starting, so that its loop pauses."""
        if not self._started:
            await self._start()
        elif why := self._broken():
            self._ill_since = self._ill_since or time.monotonic()
            log.error("consumer_made_anew", why=why)
            await self.stop()
            await self._start()
        elif self._subscription.trouble() is None:
            self._ill_since = None
        return 0

    def ill(self) -> bool:
        """Whether it has been refused for longer than a restart would take."""
        return self._ill_since is not None and time.monotonic() - self._ill_since > ILL_SECONDS

    async def stop(self) -> None:
        """Leaves the group, so that its partitions go to others at once if the broker can be reached."""
        if not await within(STOP_SECONDS, self._broker.stop()):
            await self._abandon()
        self._started = False

    def _broken(self) -> str | None:
        if not self._subscription.membership.polls():
            return "the polling task has ended"
        broken = self._subscription.membership.broken_for()
        return f"no poll as a valid member for {broken:.0f} s" if broken > BROKEN_SECONDS else None

    async def _start(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._broker.start()
        except Exception as error:
            self._note(error)
            await self.stop()
            raise
        self._subscription.membership.begin()
        self._started = True
        log.info("worker_started", topics=self._subscription.delivery.consumer.topics)

    def _note(self, error: Exception) -> None:
        """Refused by the broker counts as ill; no answer only means to wait."""
        refused = isinstance(error, KafkaError) and not isinstance(error, KafkaConnectionError) and not error.retriable
        self._ill_since = (self._ill_since or time.monotonic()) if refused else None

    async def _abandon(self) -> None:
        """Without its connections the old client can neither join nor commit beside the new one."""
        if (consumer := self._subscription.membership.consumer) is not None:
            await within(1.0, consumer._client.close())  # noqa: SLF001 `stop` closes it last, and did not come to it
