"""docs/api is what the code says, in forms that tools can read."""

import json

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from cpt.contracts.registry import EVENTS
from infra import api_documents

ASYNC = json.loads((api_documents.FOLDER / "asyncapi.json").read_text("utf-8"))


def test_the_documents_are_as_the_code_says():
    """Issue 7, part 5: checked for drift."""
    assert api_documents.stale() == []


def test_every_event_stands_in_the_document_of_its_topic():
    listed = {(topic, name) for topic, channel in ASYNC["channels"].items() for name in channel["messages"]}

    assert listed == {(event.TOPIC, event.TYPE) for event in EVENTS.values()}
    assert ASYNC["operations"]["receive.intake.campus.agreement"]["action"] == "receive"
    assert "enrollment-sync" in " ".join(ASYNC["operations"])


@pytest.mark.parametrize("wire_type", sorted(EVENTS))
def test_every_example_keeps_to_its_schema(wire_type):
    """With the references resolved from the document's root, as its readers do."""
    check = Draft202012Validator({"$ref": f"#/components/schemas/{wire_type}"} | {"components": ASYNC["components"]})

    for example in ASYNC["components"]["messages"][wire_type]["examples"]:
        assert list(check.iter_errors(example["payload"])) == []
        assert {"ce_id", "ce_type"} <= example["headers"].keys()


def test_a_reader_of_asyncapi_3_understands_it():
    assert ApplicationSchema.model_validate(ASYNC).asyncapi == "3.0.0"
