"""The README of a service lists what it consumes and publishes, event by event."""

import re

import pytest

from cpt.contracts.registry import EVENTS
from infra.event_document import consumer_of
from tests.rules import ROOT

SERVICES = ("intake", "enrollment-sync", "review", "notifier")


def listed(service, row):
    """By topic the events of a row; what follows a full stop is a remark."""
    page = (ROOT / "services" / service / "README.md").read_text("utf-8")
    (cell,) = re.findall(rf"^\| {row} \| (.+) \|$", page, re.MULTILINE)
    topics = (part.split(":") for part in cell.partition(". ")[0].split(" · "))
    return {topic.strip(" `"): sorted(names.strip().split(", ")) for topic, names in topics}


def by_topic(events):
    found = {}
    for event in events:
        found.setdefault(event.TOPIC, set()).add(event.__name__)
    return {topic: sorted(names) for topic, names in found.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_consumes_is_what_its_consumer_has_handlers_for(service):
    consumer = consumer_of(service.replace("-", "_"))

    assert listed(service, "consumes") == by_topic(e for e in EVENTS.values() if consumer.handles(e.TYPE))


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_publishes_is_what_names_it_as_its_source(service):
    own = [event for event in EVENTS.values() if event.SOURCE.rpartition("/")[2] == service]

    assert listed(service, "publishes") == by_topic(own)
