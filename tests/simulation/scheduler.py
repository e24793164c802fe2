"""Every await that leaves a process is a place to stop: one at a time goes on, as the choices say.

A statement goes to the real PostgreSQL. What waits there for a lock of another stays under way until that one goes on.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

import asyncpg

from tests.simulation.choices import Choices

LOCK_LOOK = 0.01
"""Seconds without an answer after which PostgreSQL is asked who waits for a lock."""
WAITING = "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted"
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z]\w+)")
REFUSALS = (asyncpg.DeadlockDetectedError, asyncpg.ReadOnlySQLTransactionError, asyncpg.AdminShutdownError)
REFUSED = 0.01
"""How often PostgreSQL refuses a statement, or says nothing of a COMMIT that it has done."""
STAY = 0.7
"""How often the process that has just been going goes on."""


rest, execute = asyncio.sleep, asyncpg.Connection.execute
"""As they are outside of schedules."""


class Crashed(BaseException):
    """The process has ended here: nothing of it catches this."""


@dataclass(eq=False)
class Process:
    """`begin` starts it anew after a crash."""

    name: str
    begin: Callable[[], Coroutine[None, None, None]]
    mortal: bool = True
    dead: bool = False
    under_way: int = 0
    task: asyncio.Task | None = None


@dataclass(eq=False)
class Stop:
    """`when`: whether there is a reason to go on."""

    process: Process
    label: str
    when: Callable[[], bool] | None
    number: int
    future: asyncio.Future = field(default_factory=lambda: asyncio.get_running_loop().create_future())


running: ContextVar[Process | None] = ContextVar("running", default=None)


class Scheduler:
    """`crashes`: how likely a process ends where it stops."""

    def __init__(self, choices: Choices, look: asyncpg.Connection, crashes: float, names: dict[str, str]) -> None:
        self.choices, self._look, self._crashes, self._names = choices, look, crashes, names
        self.story: list[tuple[str, str]] = []
        self.calm = False
        self.failed: list[str] = []
        self.written: Counter[str] = Counter()
        self._writing: dict[int, set[str]] = {}
        self._stops: list[Stop] = []
        self._numbers = count()
        self._under_way: dict[int, int | None] = {}
        self._changed = asyncio.Event()
        self._processes: list[Process] = []
        self._last: Process | None = None

    # Of processes

    def start(self, process: Process) -> None:
        self._processes.append(process)
        process.task = asyncio.get_running_loop().create_task(self._live(process))

    async def _live(self, process: Process) -> None:
        running.set(process)
        try:
            await process.begin()
        except Crashed:
            return
        except Exception as error:  # noqa: BLE001 a process that ends by itself is a fault of its own
            if not process.dead:
                self.failed.append(f"{process.name} ended: {error!r}")

    async def stop(self, label: str, when: Callable[[], bool] | None = None) -> None:
        """Until it is this one's turn, and `when` holds. Raises `Crashed`."""
        process = running.get()
        if process is None:
            return
        if process.dead:
            raise Crashed
        stop = Stop(process, label, when, next(self._numbers))
        self._stops.append(stop)
        try:
            await stop.future
        finally:
            self._stops.remove(stop)

    @contextmanager
    def under_way(self, pid: int | None = None):
        """Something outside answers: PostgreSQL, by the process `pid` of its own, or the campus."""
        number, process = next(self._numbers), running.get()
        self._under_way[number] = pid
        if process is not None:
            process.under_way += 1
        try:
            yield
        finally:
            del self._under_way[number]
            if process is not None:
                process.under_way -= 1
            self._changed.set()

    def rarely(self, chance: float) -> bool:
        return not self.calm and self.choices.rarely(chance)

    def tell(self, what: str) -> None:
        process = running.get()
        self.story.append((process.name if process else "", what))

    # Of schedules

    async def run(self, steps: int) -> bool:
        """Whether it ended because nobody had a reason to go on."""
        for _ in range(steps):
            await self.quiet()
            ready = sorted((s for s in self._stops if s.when is None or s.when()), key=self._order)
            if not ready and self._under_way:
                await self._change()  # a deadlock, which PostgreSQL ends
                continue
            if not ready:
                return True
            await self._go_on(ready)
        return False

    def _order(self, stop: Stop) -> tuple[bool, str, int]:
        """Not by who was first: two that waited for one lock go on at the same time."""
        return stop.process is not self._last, stop.process.name, stop.number

    async def _go_on(self, ready: list[Stop]) -> None:
        stop = ready[self.choices.one_of(len(ready), STAY)]
        process = self._last = stop.process
        if process.mortal and not process.under_way and self.rarely(self._crashes):
            self.story.append((process.name, f"CRASHES where it {stop.label}"))
            await self._crash(process)
            self.start(Process(process.name, process.begin))
            return
        self.story.append((process.name, stop.label))
        stop.future.set_result(None)

    async def _crash(self, process: Process) -> None:
        self._kill(process)
        await asyncio.wait([process.task])
        self._processes.remove(process)

    def _kill(self, process: Process) -> None:
        process.dead = True
        for stop in self._stops:
            if stop.process is process and not stop.future.done():
                stop.future.set_exception(Crashed())

    async def end(self) -> None:
        """Everybody, wherever they are."""
        while left := [process for process in self._processes if not process.task.done()]:
            for process in left:
                self._kill(process)
            await asyncio.wait([process.task for process in left], timeout=LOCK_LOOK)

    async def quiet(self) -> None:
        """Until everybody has stopped, has ended, or waits for a lock of somebody who stopped."""
        loop = asyncio.get_running_loop()
        while True:
            while loop._ready:
                await rest(0)
            if not self._under_way:
                return
            if not await self._change(LOCK_LOOK) and await self._all_wait():
                return

    async def _change(self, seconds: float | None = None) -> bool:
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _all_wait(self) -> bool:
        """Nothing has changed either while PostgreSQL was asked."""
        waiting = {row["pid"] for row in await self._look.fetch(WAITING)}
        return not self._changed.is_set() and set(self._under_way.values()) <= waiting

    # Of statements

    async def statement(self, connection: asyncpg.Connection, query: str, send: Callable) -> object:
        process = running.get()
        ends = query.startswith("ROLLBACK")
        if not ends:
            try:
                await self.stop(self._names.get(query) or query.partition(";")[0][:40])
            except Crashed:
                if query.startswith("COMMIT"):
                    await self._send(connection, lambda: execute(connection, "ROLLBACK"))
                raise
            self._refuse(query)
        found = await self._send(connection, send)
        self._note(connection.get_server_pid(), query)
        if query.startswith("COMMIT") and self.rarely(REFUSED):
            self.tell("does not hear that it has committed")
            raise asyncpg.ConnectionDoesNotExistError
        if process.dead and not ends:
            raise Crashed
        return found

    def _refuse(self, query: str) -> None:
        """A failure that passes by itself, in a transaction: nothing of it stays, and nobody is to blame."""
        if not query.startswith(("BEGIN", "COMMIT")) and self.rarely(REFUSED):
            refusal = REFUSALS[self.choices.one_of(len(REFUSALS))]
            self.tell(f"is told {refusal.__name__}")
            raise refusal

    def _note(self, pid: int, query: str) -> None:
        """Which tables have news, by the transactions that have committed."""
        if query.startswith("COMMIT"):
            self.written.update(self._writing.pop(pid, ()))
        elif query.startswith(("BEGIN", "ROLLBACK")):
            self._writing.pop(pid, None)
        else:
            self._writing.setdefault(pid, set()).update(WRITES.findall(query))

    async def _send(self, connection: asyncpg.Connection, send: Callable) -> object:
        with self.under_way(connection.get_server_pid()):
            return await send()
