"""A service's handlers: which events it reacts to, and what runs around a batch of them.

    consumer = Consumer("review")

    @consumer.on(RequestCompleted)
    async def on_request_completed(connection, envelope): ...

A handler runs in the transaction of its batch, after the event's id was claimed; it makes no network call.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack, nullcontext
from datetime import datetime
from typing import Any, TypeVar

from opentelemetry.trace import SpanKind

from cpt.contracts.attributes import Fault
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import CampusEvent, Event
from cpt.contracts.registry import misdirected
from cpt.messaging.record import Record
from cpt.postgres import Connection
from cpt.tracing import following, in_topic

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, Envelope[E]], Awaitable[None]]
BatchHandler = Callable[[Any, Sequence[Envelope[Any]]], Awaitable[None]]
Around = Callable[[Connection, Sequence[Envelope[Event]]], AbstractAsyncContextManager[Any]]
Relevant = Callable[[Connection, Sequence[str]], Awaitable[set[str]]]
Parked = Callable[[Connection, Record], Awaitable[None]]
Gone = Callable[[Connection], Awaitable[None]]
Dropped = Callable[[Connection, Sequence[Record]], Awaitable[None]]
About = Callable[[Connection, str, str], Awaitable[bool]]
Validator = Callable[[Mapping[str, Any]], Iterable[Fault]]
Validators = Mapping[str, Validator]
Validation = Callable[[Connection], Awaitable[Mapping[type[Event], Validator]]]


class Consumer:
    """`name` is the consumer group and the name in the inbox. `now` gives the time at which a message is parked; without
    it the database does.
    """

    def __init__(self, name: str, now: Callable[[], datetime] | None = None) -> None:
        self.name, self._now = name, now
        self.relevant_keys: dict[str, Relevant] = {}
        self._handlers: dict[str, Handler[Any]] = {}
        self._batch_handlers: dict[str, BatchHandler] = {}
        self._topics: dict[str, str] = {}
        self._around: Around | None = None
        self._when_parked: dict[str, Parked] = {}
        self._when_gone: dict[str, Gone] = {}
        self._when_dropped: dict[str, Dropped] = {}
        self._validation: Validation | None = None
        self._about: About | None = None

    def now(self) -> datetime | None:
        return self._now() if self._now else None

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({*self._topics.values()}))

    def on(self, event: type[E], topic: str | None = None) -> Callable[[Handler[E]], Handler[E]]:
        """`topic` only where it is not the event's own (tests)."""

        def register(handler: Handler[E]) -> Handler[E]:
            self._take(event.TYPE, topic or event.TOPIC)
            self._handlers[event.TYPE] = handler
            return handler

        return register

    def register(self, handlers: Mapping[type[Event], Handler[Any]]) -> None:
        """A whole table of events and their handlers."""
        for event, handler in handlers.items():
            self.on(event)(handler)

    def on_all(self, *events: type[Event]) -> Callable[[BatchHandler], BatchHandler]:
        """For what has to be handled together: called once for a batch, after its other handlers, with every event of
        these types in the order in which they came.
        """

        def register(handler: BatchHandler) -> BatchHandler:
            for event in events:
                self._take(event.TYPE, event.TOPIC)
                self._batch_handlers[event.TYPE] = handler
            return handler

        return register

    def _take(self, wire_type: str, topic: str) -> None:
        if wire_type in self._topics:
            raise ValueError(f"{wire_type} has a handler already")
        self._topics[wire_type] = topic

    def validated_by(self, validation: Validation) -> Validation:
        """Called once for each batch; returns by event class what lists the faults of the event's data, judged by what the
        service knows at the time. The data may not have the agreed shape: a validator must take any JSON object.
        """
        self._validation = validation
        return validation

    async def validators(self, connection: Connection) -> Validators:
        """By wire type, for `reading.read`."""
        found = await self._validation(connection) if self._validation else {}
        return {event.TYPE: validator for event, validator in found.items()}

    def about(self, query: About) -> About:
        """`query` tells whether an event's key belongs to the student who signed in as this `sub` (A31)."""
        self._about = query
        return query

    async def is_about(self, connection: Connection, key: str, sub: str) -> bool:
        return self._about is not None and await self._about(connection, key, sub)

    def around(self, hook: Around) -> Around:
        """Enters before the first handler of a batch and leaves after the last, in the same transaction: for locks that
        come first (P10, P16) and numbers that are drawn last (P9). What it yields is what every handler of the batch gets
        in place of the connection.
        """
        self._around = hook
        return hook

    def relevant(self, topic: str) -> Callable[[Relevant], Relevant]:
        """One set-based query that returns the keys this service needs, of those it is given. Records of other keys are
        dropped before the inbox and counted; nothing of them is kept (case 58).
        """

        def register(query: Relevant) -> Relevant:
            self.relevant_keys[topic] = query
            return query

        return register

    def when_dropped(self, topic: str) -> Callable[[Dropped], Dropped]:
        """Called with the records that `relevant` drops; it must not keep whom they are about (case 58)."""

        def register(hook: Dropped) -> Dropped:
            self._when_dropped[topic] = hook
            return hook

        return register

    def when_parked(self, topic: str) -> Callable[[Parked], Parked]:
        """Runs in the transaction that parks a message of the topic, or has it wait (P11, P29)."""

        def register(hook: Parked) -> Parked:
            self._when_parked[topic] = hook
            return hook

        return register

    def when_gone(self, topic: str) -> Callable[[Gone], Gone]:
        """Runs in the transaction that finds that records of the topic were deleted before they were read."""

        def register(hook: Gone) -> Gone:
            self._when_gone[topic] = hook
            return hook

        return register

    def handles(self, wire_type: str) -> bool:
        return wire_type in self._topics

    def misplaced(self, wire_type: str, topic: str) -> list[Fault]:
        """The fault of an event that arrived on a topic where its type may not be published; empty where it is right."""
        fault = None if self._topics.get(wire_type) == topic else misdirected(wire_type, topic)
        return [fault] if fault else []

    async def handle(self, connection: Connection, envelopes: Sequence[Envelope[Event]]) -> None:
        """Runs the handlers of a batch in order, inside what `around` sets up; those of `on_all` come last."""
        together: dict[BatchHandler, list[Envelope[Event]]] = {}
        async with AsyncExitStack() as stack:
            alone = len(envelopes) == 1
            if alone:  # what is done last for a batch is then done for its one message
                stack.enter_context(_going_on(envelopes[0]))
            work: Any = connection
            if self._around is not None:
                work = await stack.enter_async_context(self._around(connection, envelopes)) or connection
            for envelope in envelopes:
                with nullcontext() if alone else _going_on(envelope):
                    if handler := self._batch_handlers.get(envelope.type):
                        together.setdefault(handler, []).append(envelope)
                    else:
                        await self._handlers[envelope.type](work, envelope)
            for handler, found in together.items():
                await handler(work, found)

    async def gone(self, connection: Connection, topic: str) -> None:
        if hook := self._when_gone.get(topic):
            await hook(connection)

    async def dropped(self, connection: Connection, records: Sequence[Record]) -> None:
        for topic, hook in self._when_dropped.items():
            if mine := [record for record in records if record.topic == topic]:
                await hook(connection, mine)

    async def parked(self, connection: Connection, record: Record) -> None:
        if hook := self._when_parked.get(record.topic):
            await hook(connection, record)


def _going_on(envelope: Envelope[Event]) -> AbstractContextManager[None]:
    """The key of a campus event is a student's number, which no trace may hold."""
    ids = {} if isinstance(envelope.event, CampusEvent) else {"subject": envelope.event.key}
    about = in_topic("process", envelope.event.TOPIC, envelope.id)
    return following(envelope.traceparent, f"process {envelope.type}", SpanKind.CONSUMER, about, **ids)
