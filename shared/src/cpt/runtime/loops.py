"""One helper for every periodic step: relay, due checks, due notices, clocks, pruning."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from cpt.messaging.errors import explain
from cpt.runtime import metrics

log = structlog.get_logger()

ENDED_AT = 0.9
"""Of its loop's patience: what waits for a server that is away must not look as if a restart would help."""

Step = Callable[[], Awaitable[int]]


@dataclass(slots=True)
class Loop:
    """`step` returns how much it did. Idle, it pauses `idle` seconds; failing, up to `longest_pause`.

    A step that takes nearly `patience` seconds is ended and has failed; one that does not even end then is stuck.
    `then` is called after a step that did something.
    """

    name: str
    step: Step
    idle: float
    patience: float = 60.0
    longest_pause: float = 10.0
    then: Callable[[], None] | None = None
    ran: bool = field(default=False, init=False)
    failing: bool = field(default=False, init=False)
    _began: float | None = field(default=None, init=False)
    _nudged: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping`, which an idle loop sees when it is nudged; a step that has begun is finished."""
        pause = 0.0
        while not stopping.is_set():
            self._nudged.clear()
            pause = await self._once(pause)
            if pause:
                await _sleep_unless(stopping if self.failing else self._nudged, pause)

    def wake(self) -> None:
        """There is something to do: an idle loop does not wait out its pause, a failing one does."""
        self._nudged.set()

    def stuck(self) -> bool:
        return self._began is not None and time.monotonic() - self._began > self.patience

    async def _once(self, last_pause: float) -> float:
        self._began = time.monotonic()
        try:
            async with asyncio.timeout(self.patience * ENDED_AT):
                done = await self.step()
        except Exception as error:
            metrics.LOOP_STEPS.labels(self.name, "failed").inc()
            if not self.failing:
                log.warning("loop_failing", loop=self.name, error=explain(error), exc_info=error)
            self.failing = True
            return min(max(last_pause, self.idle, 0.1) * 2, self.longest_pause)
        finally:
            metrics.LOOP_SECONDS.labels(self.name).observe(time.monotonic() - self._began)
            self._began = None
        if self.failing:
            log.info("loop_recovered", loop=self.name)
        self.ran, self.failing = True, False
        metrics.LOOP_STEPS.labels(self.name, "done").inc()
        metrics.LOOP_WORK.labels(self.name).inc(done)
        if done and self.then is not None:
            self.then()
        return 0.0 if done else self.idle


async def _sleep_unless(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
