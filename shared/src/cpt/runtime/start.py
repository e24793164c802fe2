"""Starts to consume as soon as Kafka can be reached; a process whose broker is away lives on and tries again."""

from collections.abc import Sequence

import structlog
from faststream.kafka import KafkaBroker
from tenacity import AsyncRetrying, before_sleep_nothing, retry_if_exception_type, wait_exponential_jitter

from cpt.messaging.errors import explain

log = structlog.get_logger()


async def start(broker: KafkaBroker, topics: Sequence[str]) -> None:
    async for attempt in AsyncRetrying(
        wait=wait_exponential_jitter(multiplier=0.2, max=5),
        retry=retry_if_exception_type(Exception),
        before_sleep=before_sleep_nothing,
    ):
        with attempt:
            try:
                await broker.start()
            except Exception as error:
                log.warning("broker_away", error=explain(error))
                await broker.stop()
                raise
    log.info("worker_started", topics=topics)
