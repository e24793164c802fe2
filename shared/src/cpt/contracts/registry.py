"""Every event ever sent, by its wire type."""

from collections.abc import Iterator

from cpt.contracts import audit, campus, enrollment, intake, notifier, review, staff
from cpt.contracts.event import CampusEvent, Event


def _concrete(cls: type[Event]) -> Iterator[type[Event]]:
    for child in cls.__subclasses__():
        if "TYPE" in child.__dict__:
            yield child
        yield from _concrete(child)


MODULES = (audit, campus, enrollment, intake, notifier, review, staff)
EVENTS: dict[str, type[Event]] = {event.TYPE: event for event in _concrete(Event)}
CAMPUS_TOPICS = frozenset(event.TOPIC for event in EVENTS.values() if issubclass(event, CampusEvent))


def known_fact(wire_type: str) -> bool:
    """Whether any version of this fact is known: an unknown version must never be ignored."""
    fact = wire_type.rpartition(".v")[0]
    return any(known.rpartition(".v")[0] == fact for known in EVENTS)
