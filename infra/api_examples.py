"""An example for every body: what the schema gives as one, else the plainest value that it allows."""

from collections.abc import Iterator
from typing import Any

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]
_MOST = 6
"""Levels after which what may be absent is left out: a schema may name itself."""
_NAMED = {
    "emplid": "30012345",
    "strm": "1267",
    "class_nbr": "41234",
    "subject": "COMPSCI",
    "catalog_nbr": "698",
    "employer": "Baystate Robotics Inc.",
    "email": "ana@student.example",
    "phone": "413-555-0142",
    "sevis_id": "N0012345678",
    "code": "form.courses",
    "field": "courses",
}
_FORMATS = {
    "date": "2026-09-14",
    "date-time": "2026-09-30T14:03:11-04:00",
    "uuid": "01980c2e-8a4f-7c11-9b1d-3f2a5e6c7d80",
    "email": "ana@student.example",
    "uri": "https://cpt.example",
    "binary": "bytes",
    "decimal": "1.00",
    "duration": "P1D",
}
_TEXTS = ("text", "1", "a1b2c3d4", "30012345", "2026-09-14", "1.00", "A", "COMPSCI 698", "N0012345678", "0" * 64)
"""Tried in turn where a pattern or a length asks for something else."""


def example_of(schema: Json, document: Json, name: str = "", level: int = 0) -> Any:
    """Of `schema`, whose references are within `document`; `name` is the field's."""
    schema = _resolved(schema, document)
    if (given := _given(schema)) is not None:
        return given
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return example_of(_first(schema[word]), document, name, level)
    if "allOf" in schema:
        return _laid([example_of(part, document, name, level) for part in schema["allOf"]])
    return _plainest(schema, document, name, level)


def _given(schema: Json) -> Any:
    """What the schema itself says; None where it says nothing."""
    for word in ("example", "const", "default"):
        if schema.get(word) is not None:
            return schema[word]
    return next((schema[word][0] for word in ("examples", "enum") if schema.get(word)), None)


def _plainest(schema: Json, document: Json, name: str, level: int) -> Any:
    match _kind(schema):
        case "object":
            return dict(_fields(schema, document, level))
        case "array":
            deep = level >= _MOST and not schema.get("minItems")
            return [] if deep else [example_of(schema.get("items", {}), document, name, level + 1)]
        case "string":
            return _text(schema, name)
        case "integer" | "number":
            least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
            return min(max(1, least), schema.get("maximum", 10**9))
        case kind:
            return False if kind == "boolean" else None


def _fields(schema: Json, document: Json, level: int) -> Iterator[tuple[str, Any]]:
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        if name in required or level < _MOST:
            yield name, example_of(inner, document, name, level + 1)
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict) and not schema.get("properties"):
        yield "name", example_of(rest, document, "", level + 1)


def _text(schema: Json, name: str) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    judge = jsonschema.Draft202012Validator(schema)
    tried = (_NAMED.get(name), _FORMATS["uuid"] if name.endswith("_id") else None, *_TEXTS)
    return next((text for text in tried if text is not None and judge.is_valid(text)), "text")


def _kind(schema: Json) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    return kind if isinstance(kind, str) else next(one for one in kind if one != "null")


def _first(schemas: list[Json]) -> Json:
    """The one that is not null."""
    return next((one for one in schemas if one.get("type") != "null"), schemas[0])


def _laid(parts: list[Any]) -> Any:
    return {name: value for part in parts for name, value in part.items()} if isinstance(parts[0], dict) else parts[0]


def _resolved(schema: Json, document: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        schema = found | {word: value for word, value in schema.items() if word != "$ref"}
    return schema


def faults_of_examples(document: Json) -> Iterator[str]:
    """Where a body has no example, or one that its own schema refuses."""
    registry: Registry[Any] = Registry().with_resource("urn:document", DRAFT202012.create_resource(document))
    for place, body in bodies_of(document):
        if "example" not in body and "examples" not in body:
            yield f"{place}: has no example"
            continue
        given = body["examples"].values() if "examples" in body else [{"value": body["example"]}]
        schema = _absolute(body.get("schema", {}))
        judge = jsonschema.Draft202012Validator(schema, registry=registry)
        for one in given:
            for error in judge.iter_errors(one["value"]):
                yield f"{place}: the example is refused at {error.json_path}: {error.message[:80]}"


def bodies_of(document: Json) -> Iterator[tuple[str, Json]]:
    """Every body with its place; requests and answers."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            sides = {"request": operation.get("requestBody", {}), **operation.get("responses", {})}
            for side, holder in sides.items():
                for kind, body in holder.get("content", {}).items():
                    yield f"{method.upper()} {path} {side} {kind}", body


def _absolute(value: Any) -> Any:
    """References within the document, from outside of it."""
    if isinstance(value, dict):
        return {name: _absolute(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_absolute(inner) for inner in value]
    return f"urn:document{value}" if isinstance(value, str) and value.startswith("#/") else value
