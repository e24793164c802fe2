"""One factory for brokers, subscribers and producers: every option whose default loses or damages something."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.security import BaseSecurity, SASLOAuthBearer, SASLPlaintext, SASLScram256, SASLScram512

from cpt.crash_points import reached
from cpt.messaging.access import access
from cpt.messaging.delivery import Delivery
from cpt.messaging.errors import BudgetSpent, explain
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.membership import Lag, Membership
from cpt.messaging.record import read_record

log = structlog.get_logger()


class Subscription(ConsumerRebalanceListener):  # type: ignore[misc]  # the client library is not typed
    """A consumer's subscriber, what it last did, and the lock that lets a running batch end before a rebalance."""

    def __init__(
        self,
        broker: KafkaBroker,
        delivery: Delivery,
        settings: KafkaSettings,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """`then` is called after each delivery that committed."""
        self.delivery, self._then = delivery, then
        self.patience = 120.0
        self._silence = settings.session_timeout_ms / 1000
        self._well_at = time.monotonic()
        self._began: float | None = None
        self._busy = asyncio.Lock()
        self._subscriber = broker.subscriber(
            *delivery.consumer.topics,
            group_id=delivery.consumer.name,
            batch=True,
            max_records=settings.max_records,
            fetch_max_wait_ms=settings.fetch_max_wait_ms,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            auto_offset_reset="earliest",
            no_reply=True,
            session_timeout_ms=settings.session_timeout_ms,
            heartbeat_interval_ms=settings.heartbeat_interval_ms,
            rebalance_timeout_ms=settings.rebalance_timeout_ms,
            partition_assignment_strategy=(StickyPartitionAssignor,),
            listener=self,
        )
        self._subscriber(self._on_batch)
        self.membership = Membership(self._subscriber, settings.max_records)

    async def _on_batch(self, message: KafkaMessage) -> None:
        records = [read_record(raw) for raw in message.raw_message]
        async with self._busy:
            self._began = time.monotonic()
            try:
                await self.delivery(records)
                self._then()
                reached("before_offset_commit")
            except BudgetSpent as spent:
                await self._commit(spent.finished)
                raise
            finally:
                self._began = None

    async def _commit(self, finished: dict[tuple[str, int], int]) -> None:
        """Explicit offsets: what was done counts although the rest of the batch comes again (P34)."""
        consumer = self.membership.consumer
        if consumer is not None and finished:
            with suppress(Exception):  # the inbox absorbs what a lost commit brings again
                await consumer.commit({TopicPartition(*place): offset for place, offset in finished.items()})

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002 the library's signature
        async with self._busy:
            pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """The library asks for it."""

    def hangs(self) -> bool:
        """Whether one delivery has run for longer than its budget and its last statement together may take."""
        return self._began is not None and time.monotonic() - self._began > self.patience

    def trouble(self) -> str | None:
        """Why nothing may arrive, None when all is well. While a delivery runs nothing is fetched, and that is well."""
        if not self.membership.is_member():
            return "no member of its group"
        if self.membership.broken_for():
            return "polls fail"
        if self._began is None and self.membership.silent_for() > self._silence:
            return "Kafka does not answer"
        return None

    def silent_seconds(self) -> float:
        """For how long each look at it has found trouble."""
        if self.trouble() is None:
            self._well_at = time.monotonic()
        return time.monotonic() - self._well_at

    def lag(self) -> Lag:
        return self.membership.lag()


class _WithoutPayloads(logging.Handler):
    """The framework's own log lines hold whole messages; only the class of what went wrong is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            log.warning("consumer_met_an_error", error=explain(error))


def build_broker(settings: KafkaSettings, client_id: str) -> KafkaBroker:
    """A broker that only consumes: publishing is the relay's alone."""
    quiet = logging.getLogger("cpt.faststream")
    quiet.handlers[:] = [_WithoutPayloads(logging.WARNING)]
    quiet.propagate = False
    how = access(settings)
    return KafkaBroker(
        settings.bootstrap_servers,
        security=_security(how),
        sasl_oauth_token_provider=how.get("sasl_oauth_token_provider"),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        consumer_only=True,
        parser=_unread,
        decoder=_leave_to_the_delivery,
        graceful_timeout=20.0,
        metadata_max_age_ms=settings.metadata_max_age_ms,
        logger=quiet,
    )


def _security(how: Mapping[str, Any]) -> BaseSecurity:
    """The same in the words of the broker's library."""
    carried = {"ssl_context": how["ssl_context"], "use_ssl": how["ssl_context"] is not None}
    match how.get("sasl_mechanism"):
        case None:
            return BaseSecurity(**carried)
        case "OAUTHBEARER":
            return SASLOAuthBearer(**carried)
        case mechanism:
            login = {"SCRAM-SHA-512": SASLScram512, "SCRAM-SHA-256": SASLScram256, "PLAIN": SASLPlaintext}[mechanism]
            return login(how["sasl_plain_username"], how["sasl_plain_password"], **carried)


def build_producer(settings: KafkaSettings, client_id: str) -> AIOKafkaProducer:
    """The relay's producer: acknowledged by all replicas, retried without doubling, bounded in time."""
    return AIOKafkaProducer(
        **access(settings),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        request_timeout_ms=8_000,
        max_batch_size=262_144,
        max_request_size=1_048_576,
        linger_ms=0,
        metadata_max_age_ms=settings.metadata_max_age_ms,
    )


async def _unread(
    message: tuple[ConsumerRecord[Any, Any], ...],
    original: Callable[[Any], Awaitable[Any]],
) -> Any:
    """The parser decodes every header of a batch, where one that is no UTF-8 or null would stop or skip them all:
    it sees a record without any, and each is read once, by `read_record`.
    """
    parsed = await original((replace(message[0], headers=()),))
    parsed.raw_message = message
    return parsed


async def _leave_to_the_delivery(message: KafkaMessage) -> Any:
    return message.body
