"""The state of the Kafka client of one consumer. Its framework goes on polling after an error and reports none."""

import time
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import ConsumerStoppedError

Lag = dict[tuple[str, int], int]

POLL_MS = 1_000
"""How long a poll waits for a record; an error that the client met meanwhile is heard of at its end."""
FRESH_SECONDS = 30.0
"""A number older than this is none: a broker that has said nothing for so long may hold anything."""


class Membership:
    """Polls for a subscriber and watches how that goes. The client publishes nothing about its group and its fetches, so
    its private state is read (decision 13).
    """

    def __init__(self, subscriber: Any, max_records: int) -> None:
        self._subscriber, self._max_records = subscriber, max_records
        self._failing_since: float | None = None
        self._lost_since: float | None = None
        subscriber.get_msg = self._watched_poll

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        return self._subscriber.consumer

    def begin(self) -> None:
        """A client was made anew: what the one before it met is over."""
        self._failing_since = self._lost_since = None

    async def _watched_poll(self, consumer: AIOKafkaConsumer) -> tuple[Any, ...]:
        """Wakes when records arrive. The framework's own sleeps blindly after each empty poll, at both ends' cost."""
        try:
            found = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._max_records)
        except ConsumerStoppedError:
            raise
        except Exception:
            self._failing_since = self._failing_since or time.monotonic()
            raise
        self._failing_since = None
        return tuple(chain.from_iterable(found.values()))

    def polls(self) -> bool:
        """Whether the loop that polls Kafka still runs; an idle topic is healthy."""
        return bool(self._subscriber.running and any(not task.done() for task in self._subscriber.tasks))

    def broken_for(self) -> float:
        """Seconds since which nothing will change by itself: polls fail, or the tasks that keep the membership ended.

        A broker that is merely away is not meant: the client finds it again.
        """
        now = time.monotonic()
        self._lost_since = (self._lost_since or now) if self._membership_lost() else None
        since = [at for at in (self._failing_since, self._lost_since) if at is not None]
        return now - min(since) if since else 0.0

    def _membership_lost(self) -> bool:
        """The heartbeat ended with an error, such as a right that was taken away for a moment, and is not begun again;
        or the task ended that would join anew. Without an error the client joins by itself.
        """
        coordinator = self._coordinator()
        if coordinator is None:
            return False
        heart = coordinator._heartbeat_task  # noqa: SLF001
        failed = heart is not None and heart.done() and not heart.cancelled() and heart.exception() is not None
        return bool(failed or coordinator._coordination_task.done())  # noqa: SLF001

    def is_member(self) -> bool:
        """Of its group, with a coordinator it knows; its share of the partitions may be none."""
        coordinator = self._coordinator()
        if coordinator is None or self._membership_lost():
            return False
        joined = coordinator.coordinator_id is not None and coordinator.generation > 0
        return joined and self._assignment() is not None

    def silent_for(self) -> float:
        """Seconds since the broker last answered a fetch of any partition; 0 where there is none to be fetched."""
        heard = [state.timestamp for _, state in self._states()]
        if not heard:
            return 0.0
        return time.time() - max(at or 0 for at in heard) / 1000

    def lag(self) -> Lag:
        """Records that wait, by topic and assigned partition, as far as the broker has just said."""
        oldest = (time.time() - FRESH_SECONDS) * 1000
        return {
            (place.topic, place.partition): max(0, state.highwater - state.position)
            for place, state in self._states()
            if state.highwater is not None and state.has_valid_position and (state.timestamp or 0) > oldest
        }

    def hears_all(self) -> bool:
        """Whether `lag` covers every partition of this process."""
        return self.is_member() and len(self.lag()) == len(self._states())

    def _coordinator(self) -> Any:
        """None before the client has started."""
        return self.consumer and self.consumer._coordinator  # noqa: SLF001 see above

    def _assignment(self) -> Any:
        assert self.consumer is not None
        subscribed = self.consumer._subscription.subscription  # noqa: SLF001
        return subscribed.assignment if subscribed else None

    def _states(self) -> list[tuple[Any, Any]]:
        assignment = self._assignment() if self.consumer is not None else None
        return [(place, assignment.state_value(place)) for place in assignment.tps] if assignment else []
