"""Send what is due: claim under a lease, deliver outside any transaction, record with the lease's token (P37)."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.messaging import append
from cpt.postgres import Connection, Database, retry_transaction
from cpt.runtime import metrics
from cpt.runtime.clock import Clock
from cpt.tracing import calling, following
from notifier import store
from notifier.domain import AttemptResult, RetryPolicy, ServerReply, after_attempt
from notifier.mailer import Mailer

log = structlog.get_logger()

Jitter = Callable[[], float]
RANDOM: Jitter = secrets.SystemRandom().random


class SendNotices:
    """`step` sends up to `at_once` due notices side by side and returns how many it tried."""

    def __init__(
        self,
        database: Database,
        mailer: Mailer,
        *,
        clock: Clock,
        retries: RetryPolicy,
        lease: timedelta,
        at_once: int,
        jitter: Jitter = RANDOM,
    ) -> None:
        self._database, self._mailer, self._clock, self._retries = database, mailer, clock, retries
        self._lease, self._at_once, self._jitter = lease, at_once, jitter

    async def step(self) -> int:
        now = self._clock()
        async with self._database.transaction() as connection:
            await store.give_up_leases(connection, now)
            claimed = await store.claim(connection, now, self._lease, self._at_once)
        # Not a task group: one failure must not cut the deliveries beside it off in the middle.
        ends = await asyncio.gather(*map(self._send, claimed), return_exceptions=True)
        if failures := [end for end in ends if isinstance(end, BaseException)]:
            raise failures[0]
        return len(claimed)

    async def _send(self, notice: store.Claimed) -> None:
        with following(notice.traceparent, "send notice", notice_id=notice.notice_id, notice_kind=notice.kind):
            await self._deliver(notice)

    async def _deliver(self, notice: store.Claimed) -> None:
        with calling("deliver to smtp") as span:
            reply = await self._mailer.deliver(notice.message, notice.recipient, notice.copies)
            span.set_attribute("cpt.outcome", reply.outcome)
        now = self._clock()
        result = after_attempt(
            reply,
            attempts=notice.attempts,
            unknown_before=notice.unknown_outcomes,
            first_tried_at=notice.first_tried_at,
            now=now,
            retries=self._retries,
            jitter=self._jitter(),
        )

        async def record() -> bool:
            async with self._database.transaction() as connection:
                return await record_outcome(connection, notice, reply, result, now)

        recorded = await retry_transaction(record)  # otherwise the lease would run out, and a second copy leave
        metrics.NOTICE_ATTEMPTS.labels(notice.kind, reply.outcome).inc()
        if recorded and result.state == "sent":
            metrics.NOTICE_SECONDS.labels(notice.kind).observe((now - notice.reserved_at).total_seconds())
        log.info(
            "notice_attempted",
            notice_id=notice.notice_id,
            kind=notice.kind,
            outcome=reply.outcome,
            state=result.state if recorded else "lease_lost",
        )


async def record_outcome(
    connection: Connection, notice: store.Claimed, reply: ServerReply, result: AttemptResult, now: datetime
) -> bool:
    """Whether the lease still held; the end of a notice is published with it."""
    version = await store.record(connection, notice, reply, result, now)
    if version is not None and result.state != "due":
        await append(connection, _ended(notice, result, now), sequence=version, now=now)
    return version is not None


def _ended(notice: store.Claimed, result: AttemptResult, now: datetime) -> NoticeSent | NoticeFailed:
    common = {
        "notice_id": notice.notice_id,
        "subject_id": notice.subject_id,
        "kind": notice.kind,
        "caused_by": notice.event_id,
        "at": now,
        "attempts": notice.attempts,
    }
    if result.state == "sent":
        return NoticeSent.model_validate(common | {"message_id": notice.message_id})
    return NoticeFailed.model_validate(common | {"reason": result.words})
