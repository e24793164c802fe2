"""The judges of the documents find what is wrong, and the schemas of the office's files say what the loaders say."""

import copy
import json

import jsonschema
import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.campus.calendar_form import calendar_faults
from enrollment_sync.code_sets import InvalidCodes, form_of, parse_codes, shipped_codes
from infra.api_documents import documents
from infra.judge_documents import faults_of


def document(name):
    return json.loads(json.dumps(documents()[name]))


def changed(path, value):
    """A change at the end of `path`; None takes it away."""

    def change(found):
        *way, last = path
        for step in way:
            found = found[step]
        if value is None:
            del found[last]
        else:
            found[last] = value

    return change


STUDENT = ("paths", "/spire/students/{emplid}", "get")
ANSWER = (*STUDENT, "responses", "200", "content", "application/json")
MESSAGE = ("components", "messages", "edu.umass.cpt.monitoring-alive.v1")


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("spire.openapi.json", changed(("info", "title"), None), "title"),
        (
            "spire.openapi.json",
            changed((*STUDENT, "description"), None),
            "GET /spire/students/{emplid}: has no description",
        ),
        ("spire.openapi.json", changed((*STUDENT, "parameters", 0, "in"), "bodies"), "parameters"),
        ("spire.openapi.json", changed((*ANSWER, "example"), None), "has no example"),
        ("spire.openapi.json", changed((*ANSWER, "example", "emplid"), "3"), "the example is refused at $.emplid"),
        ("spire.openapi.json", changed(("servers",), None), "servers: is missing"),
        ("codes.schema.json", changed(("type",), "thing"), "type"),
        ("calendar.schema.json", changed(("examples", 0, "version"), 0), "the example is refused at $.version"),
        ("asyncapi.json", changed(("operations", "receive.review.cpt.intake", "action"), "hears"), "action"),
        ("asyncapi.json", changed(("channels", "cpt.intake", "adress"), "x"), "is no field of AsyncAPI"),
        ("asyncapi.json", changed(("components", "securitySchemes"), {}), "does not exist"),
        ("asyncapi.json", changed((*MESSAGE, "examples"), None), "has no example"),
    ],
)
def test_what_is_wrong_in_a_document_is_found(name, change, words):
    spoiled = document(name)
    change(spoiled)

    found = [*faults_of(name, spoiled)]

    assert [fault for fault in found if words in fault], found[:5]


def refused(schema, form):
    return not jsonschema.Draft202012Validator(schema).is_valid(form)


@pytest.mark.parametrize(
    "change",
    [
        changed(("version",), 0),
        changed(("version",), "1"),
        changed(("terms",), []),
        changed(("closures",), None),
        changed(("surplus",), 1),
        changed(("terms", 0, "start"), "09/08/2026"),
        changed(("terms", 0, "name"), " "),
        changed(("terms", 0, "sessions"), None),
        changed(("terms", 0, "season"), "fall"),
        changed(("closures",), [{"date": "2026-11-26"}]),
    ],
)
def test_the_schema_of_calendars_refuses_what_the_loader_refuses(change):
    form, schema = illustrative_calendar().to_form(), document("calendar.schema.json")
    assert not refused(schema, form)
    assert calendar_faults(form) == ()

    change(form)

    assert refused(schema, form)
    assert calendar_faults(form)


@pytest.mark.parametrize(
    "change",
    [
        changed(("version",), 0),
        changed(("statuses",), {}),
        changed(("statuses", "E"), "there"),
        changed(("reasons", "not a code"), "enrolled"),
        changed(("audit_bases",), None),
        changed(("coop_courses",), ["298C"]),
        changed(("more",), []),
    ],
)
def test_the_schema_of_codes_refuses_what_the_loader_refuses(change):
    form, schema = copy.deepcopy(form_of(shipped_codes())), document("codes.schema.json")
    assert not refused(schema, form)

    change(form)

    assert refused(schema, form)
    with pytest.raises(InvalidCodes):
        parse_codes(form)
