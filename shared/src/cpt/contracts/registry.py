"""Every event ever sent, by its wire type."""

from collections.abc import Iterator

from cpt.contracts import alerts, audit, campus, enrollment, intake, notifier, operations, review, staff
from cpt.contracts.attributes import Fault
from cpt.contracts.event import CampusEvent, Event


def _concrete(cls: type[Event]) -> Iterator[type[Event]]:
    for child in cls.__subclasses__():
        if "TYPE" in child.__dict__:
            yield child
        yield from _concrete(child)


MODULES = (alerts, audit, campus, enrollment, intake, notifier, operations, review, staff)
EVENTS: dict[str, type[Event]] = {event.TYPE: event for event in _concrete(Event)}
CAMPUS_TOPICS = frozenset(event.TOPIC for event in EVENTS.values() if issubclass(event, CampusEvent))


_DOORS = {campus.EnrollmentChanged.TOPIC: "enrollment-sync", campus.AgreementChanged.TOPIC: "intake"}


def misdirected(wire_type: str, topic: str) -> Fault | None:
    """Why an event of this type may not arrive on this topic; None where it may."""
    event = EVENTS.get(wire_type)
    if event is None or topic == event.TOPIC:
        return None
    door = _DOORS.get(event.TOPIC)
    where = f"Send events of this type to {door}, topic {event.TOPIC}." if door else "No campus system sends this type."
    return Fault("type", "wrong_topic", where)


def impersonated(wire_type: str, source: str) -> Fault | None:
    """Why an event of this type may not name this source; None where it may."""
    event = EVENTS.get(wire_type)
    if event is None or not source or source == event.SOURCE:
        return None
    return Fault("source", "wrong_source", f"Events of this type have the source {event.SOURCE}.")


def known_fact(wire_type: str) -> bool:
    """Whether any version of this fact is known: an unknown version must never be ignored."""
    fact = wire_type.rpartition(".v")[0]
    return any(known.rpartition(".v")[0] == fact for known in EVENTS)
