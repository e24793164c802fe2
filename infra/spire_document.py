"""SPIRE's read side as an OpenAPI document, and the files that the office loads as JSON Schemas; made from the code."""

from importlib import import_module
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from cpt.campus.calendar import illustrative_calendar
from enrollment_sync.code_sets import CodesForm, form_of, shipped_codes
from infra.api_examples import example_of

_FORMS = ("StudentRecord", "Enrollments", "SnapshotHead", "SnapshotRow", "SnapshotWithdrawal", "SnapshotTail")
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date", "examples": ["2026-09-08"]}
_TEXT = {"type": "string", "pattern": r"\S"}
Json = dict[str, Any]


def spire_document() -> Json:
    """What this system calls, and `python -m enrollment_sync check-spire` checks."""
    forms = import_module("enrollment_sync.conformance.spire_forms")
    models: list[type[BaseModel]] = [getattr(forms, name) for name in _FORMS]
    _, made = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    schemas: Json = made["$defs"]
    emplid = _parameter("emplid", "path", "The student's number in SPIRE.", r"^[0-9]{8}$", "30012345")
    strm = _parameter("strm", "query", "A term; without it, all terms of the student.", r"^[0-9]{4}$", "1267")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SPIRE's read side, as this system calls it",
            "version": "1",
            "description": "Fields that are not named here are ignored. No answer may be a redirect, and each has to begin "
            "within five seconds. `python -m enrollment_sync check-spire URL` names what is not as agreed.",
        },
        "servers": [{"url": "https://{host}", "variables": {"host": {"default": "spire.example"}}}],
        "security": [{"serviceAccount": []}],
        "tags": [{"name": "spire", "description": "What the campus offers."}],
        "paths": {
            "/spire/students/{emplid}": {
                "get": _operation(
                    "readStudent", "A student as SPIRE knows them now.", [emplid], "StudentRecord", schemas
                )
            },
            "/spire/students/{emplid}/enrollments": {
                "get": _operation(
                    "readEnrollments", "The student's classes and withdrawals.", [emplid, strm], "Enrollments", schemas
                )
            },
            "/spire/snapshots/{strm}": {"get": _snapshot(schemas)},
        },
        "components": {
            "securitySchemes": {
                "serviceAccount": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of this system's service account (`CPT_SPIRE__TOKEN`).",
                }
            },
            "schemas": schemas,
        },
    }


def _operation(name: str, what: str, parameters: list[Json], form: str, schemas: Json) -> Json:
    schema = {"$ref": f"#/components/schemas/{form}"}
    answer = {"schema": schema, "example": example_of(schema, {"components": {"schemas": schemas}})}
    return {
        "operationId": name,
        "tags": ["spire"],
        "summary": what,
        "description": what,
        "parameters": parameters,
        "responses": {
            "200": {"description": "As of now.", "content": {"application/json": answer}},
            **_refusals(),
            "404": {"description": "SPIRE knows no such student."},
        },
    }


def _snapshot(schemas: Json) -> Json:
    def example(form: str) -> Any:
        return example_of({"$ref": f"#/components/schemas/{form}"}, {"components": {"schemas": schemas}})

    what = "A whole term at one moment: a first line, one line for each row and withdrawal, a last line."
    kinds = [{"$ref": f"#/components/schemas/{form}"} for form in _FORMS[2:]]
    lines = {"schema": {"description": "One line of the answer.", "anyOf": kinds}, "example": example("SnapshotRow")}
    return {
        "operationId": "readSnapshot",
        "tags": ["spire"],
        "summary": what,
        "description": what
        + " Both counts are of the lines between. A stream that ends without the last line, or whose "
        "counts differ, proves nothing and changes nothing.",
        "parameters": [_parameter("strm", "path", "The term.", r"^[0-9]{4}$", "1267")],
        "responses": {
            "200": {
                "description": "Lines of JSON, each a form of its own.",
                "content": {"application/x-ndjson": lines},
            },
            **_refusals(),
        },
    }


def _refusals() -> Json:
    again = {"Retry-After": {"description": "Seconds until the next try.", "schema": {"type": "integer", "minimum": 0}}}
    return {
        "401": {"description": "No token, or a wrong one."},
        "429": {"description": "Too many calls.", "headers": again},
        "503": {"description": "SPIRE is away.", "headers": again},
    }


def _parameter(name: str, place: str, what: str, pattern: str, example: str) -> Json:
    schema = {"type": "string", "pattern": pattern}
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": what,
        "schema": schema,
        "example": example,
    }


def codes_schema() -> Json:
    """`codes load FILE` and `PUT /api/codes` take it."""
    schema = CodesForm.model_json_schema()
    for field in schema["properties"].values():
        if "patternProperties" in field:  # a key of another form is refused by the loader
            field["additionalProperties"] = False
    schema["description"] = "The code sets of SPIRE and what each code means; the office loads a newer version."
    return _file("codes", schema, form_of(shipped_codes()))


def calendar_schema() -> Json:
    """`calendar load FILE` takes it. That nothing overlaps, repeats or ends before it starts is checked beside it."""
    session = _object({"code": _TEXT, "start": _DATE, "end": _DATE}, "A part of a term, such as a half of the summer.")
    term = _object(
        {"strm": _TEXT, "name": _TEXT, "start": _DATE, "end": _DATE, "sessions": {"type": "array", "items": session}},
        "A term from its first to its last day; no two overlap.",
    )
    closure = _object({"date": _DATE, "why": _TEXT}, "A day on which the office is closed.")
    version = {"type": "integer", "minimum": 1, "description": "Higher than that of the calendar in force."}
    schema = _object(
        {
            "version": version,
            "terms": {"type": "array", "minItems": 1, "items": term},
            "closures": {"type": "array", "items": closure},
        },
        "The academic calendar and the days on which the office is closed.",
    )
    return _file("calendar", {"title": "AcademicCalendar", **schema}, illustrative_calendar().to_form())


def _object(properties: Json, what: str) -> Json:
    return {
        "type": "object",
        "description": what,
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _file(name: str, schema: Json, example: Json) -> Json:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:edu:umass:cpt:{name}"}
    return head | schema | {"examples": [example]}
