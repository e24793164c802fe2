"""The documents of the interfaces are in forms that tools can read, and docs/api shows when they change."""

import json

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from cpt.contracts.registry import EVENTS
from infra import api_documents
from infra.api_outline import outline

ASYNC = json.loads(json.dumps(api_documents.documents()["asyncapi.json"]))


def test_what_docs_api_holds_is_as_the_code_says():
    """Checked for drift: a call, an answer or a field that changes changes a line of the outline."""
    assert api_documents.stale() == []


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("intake.openapi.json", ("paths", "/api/requests", "post", "responses", "201"), None),
        ("intake.openapi.json", ("components", "schemas", "RequestView", "required"), []),
        (
            "review.openapi.json",
            ("components", "schemas", "ApproveBody", "properties", "authorized_start"),
            {"type": "integer"},
        ),
        ("asyncapi.json", ("components", "schemas", "edu.umass.cpt.i20-issued.v1", "properties", "employer"), None),
        ("asyncapi.json", ("channels", "cpt.intake"), None),
    ],
)
def test_a_changed_interface_is_another_outline(name, path, value):
    documents = json.loads(json.dumps(dict(api_documents.documents())))
    before, at = outline(documents), documents[name]
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        assert at[path[-1]] != value
        at[path[-1]] = value

    assert outline(documents) != before


def test_a_build_holds_every_document(tmp_path):
    written = {path.name: json.loads(path.read_text("utf-8")) for path in api_documents.build(tmp_path / "api")}

    assert written.keys() == api_documents.documents().keys()
    assert written["asyncapi.json"] == ASYNC


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
