"""Every event has a stable, versioned name, a topic that exists, and words for every field (style §6)."""

import re
from pathlib import Path

import pytest
import yaml

from cpt.contracts import registry
from cpt.contracts.event import CampusEvent, Event, Wire
from cpt.contracts.fields import Undocumented, documented, field_of
from cpt.contracts.registry import EVENTS
from cpt.contracts.samples import sample_of
from cpt.contracts.schemas import schema_of
from tests.contracts.wire import all_models

each_event = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)


@each_event
def test_a_wire_type_names_a_fact_and_its_version_and_never_the_class(event):
    assert re.fullmatch(
        r"(edu\.umass\.(cpt|spire)|com\.joinhandshake)(\.[a-z0-9]+(-[a-z0-9]+)*)\.v[1-9]\d*", event.TYPE
    )
    assert event.__name__ not in event.TYPE


def test_every_event_class_is_registered_under_a_name_of_its_own():
    classes = {
        event
        for module in registry.MODULES
        for event in vars(module).values()
        if isinstance(event, type) and issubclass(event, Event) and "TYPE" in vars(event)
    }

    assert set(EVENTS.values()) == classes
    assert len(EVENTS) == len(classes)


@each_event
def test_every_event_travels_on_a_topic_that_is_created(event):
    topics = yaml.safe_load(Path("infra/kafka/topics.yaml").read_text())

    assert event.TOPIC in str(topics)


@each_event
def test_every_event_says_what_it_tells(event):
    assert len(schema_of(event)["description"].split()) >= 2


def test_every_field_has_words_and_an_example_that_it_accepts():
    for model in all_models().values():
        for name in model.model_fields:
            assert len(field_of(model, name).means.split()) >= 2, f"{model.__name__}.{name}"
        sample_of(model, "full")


def test_no_words_are_left_for_a_field_that_is_gone():
    fields = {name for m in all_models().values() for f in m.model_fields for name in (f, f"{m.__name__}.{f}")}

    assert set(documented()) <= fields


def test_a_new_field_without_words_is_refused():
    class Novel(Wire):
        unheard_of: str

    with pytest.raises(Undocumented, match=r"Novel\.unheard_of"):
        sample_of(Novel, "full")


@each_event
def test_what_is_about_a_person_is_marked(event):
    """Case 66: what is marked is what the tests keep out of headers and keys."""
    names = {name for model in all_models().values() for name in model.model_fields}
    suspects = {n for n in names if n in {"emplid", "email", "name"} or n.startswith(("student_name", "sevis_id"))}

    assert all(field_of(event, name).personal for name in suspects)


@each_event
def test_only_campus_events_are_keyed_by_student(event):
    assert (schema_of(event)["x-key"] == "emplid") == issubclass(event, CampusEvent)
