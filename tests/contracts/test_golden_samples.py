"""Whatever was sent once stays readable, and what is sent keeps to its published schema (docs/architecture.md)."""

import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from cpt.contracts.__main__ import FOLDER, samples_in
from cpt.contracts.envelope import decode
from cpt.contracts.registry import EVENTS
from cpt.contracts.samples import EXTENTS, sample_of
from tests.contracts.wire import encoded, personal_values

SAMPLES = dict(samples_in(FOLDER))
each_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=[f"{p.parent.name}/{p.stem}" for p in SAMPLES])
each_event = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)


@each_sample
def test_every_sample_ever_committed_can_be_read(sample):
    envelope = decode(sample["headers"], encoded(sample["body"]))

    assert envelope.type == sample["headers"]["ce_type"]
    assert (envelope.event.TOPIC, envelope.event.key) == (sample["topic"], sample["key"])


@each_sample
def test_reading_and_sending_again_loses_nothing(sample):
    sent = json.loads(decode(sample["headers"], encoded(sample["body"])).event.model_dump_json(exclude_unset=True))

    assert sent == sample["body"]


@each_sample
def test_every_sample_keeps_to_the_published_schema(sample):
    schema = json.loads((FOLDER / "schemas" / f"{sample['headers']['ce_type']}.json").read_text())

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(sample["body"])


@each_sample
def test_a_consumer_ignores_fields_it_has_never_heard_of(sample):
    grown = sample["body"] | {"added_next_year": [1, {"deep": True}]}

    assert decode(sample["headers"], encoded(grown)).event == decode(sample["headers"], encoded(sample["body"])).event


@each_event
def test_a_producer_refuses_a_field_that_the_contract_lacks(event):
    fields = sample_of(event, "full").model_dump()

    with pytest.raises(ValidationError, match="Extra inputs"):
        event(**fields, added_in_a_hurry=1)


@each_event
@pytest.mark.parametrize("extent", EXTENTS)
def test_every_event_has_a_full_and_a_minimal_sample(event, extent):
    assert (FOLDER / "samples" / event.TYPE / f"{extent}-1.json").exists()


@each_sample
def test_no_personal_data_travels_in_headers_or_keys_of_our_topics(sample):
    """Case 66; campus topics are keyed by EMPLID."""
    outside = {sample["key"], *sample["headers"].values()} if sample["topic"].startswith("cpt.") else set()

    assert not [value for value in personal_values(sample) for text in outside if value in text]


def test_an_event_keyed_by_student_on_our_topics_would_be_found():
    sample = next(s for s in SAMPLES.values() if s["headers"]["ce_type"] == "edu.umass.cpt.alert-raised.v1")

    assert sample["body"]["emplid"] in personal_values(sample)
    assert sample["body"]["authorizations"][0]["employer"] not in personal_values(sample)
