"""Judges what infra.api_documents makes by validators that are not ours: `python -m infra.judge_documents`."""

import copy
import json
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, ValidationError
from pydantic_asyncapi.v3 import AsyncAPI

from infra.api_documents import documents
from infra.api_examples import faults_of_examples

Json = dict[str, Any]


def faults() -> Iterator[str]:
    """Everything that a reader of the documents could stumble over, with the file it is in."""
    for name, document in documents().items():
        yield from (f"{name}: {fault}" for fault in faults_of(name, json.loads(json.dumps(document))))


def faults_of(name: str, document: Json) -> Iterator[str]:
    if name.endswith(".openapi.json"):
        yield from (
            f"{error.json_path}: {error.message[:200]}" for error in OpenAPIV31SpecValidator(document).iter_errors()
        )
        yield from faults_of_examples(document)
        yield from _unexplained(document)
    elif name.endswith(".schema.json"):
        yield from _of_schema(document)
    else:
        yield from _of_events(document)


def _unexplained(document: Json) -> Iterator[str]:
    for word in ("servers", "info"):
        if not document.get(word):
            yield f"{word}: is missing"
    if not document["components"].get("securitySchemes"):
        yield "no security scheme"
    for path, acts in document["paths"].items():
        yield from (
            f"{method.upper()} {path}: has no description" for method, act in acts.items() if not act.get("description")
        )


def _of_schema(schema: Json) -> Iterator[str]:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield f"{error.json_path}: {error.message[:200]}"
        return
    judge = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    for example in schema["examples"]:
        yield from (
            f"the example is refused at {error.json_path}: {error.message}" for error in judge.iter_errors(example)
        )


def _of_events(document: Json) -> Iterator[str]:
    try:
        yield from _surplus("", AsyncAPI.model_validate(_as_the_judge_knows_it(document)))
    except ValidationError as error:
        yield from (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    known = document["components"]["securitySchemes"]
    for name, server in document["servers"].items():
        named = (scheme["$ref"].rpartition("/")[2] for scheme in server["security"])
        yield from (f"{name}: the security scheme {one} does not exist" for one in named if one not in known)
    for wire_type, message in document["components"]["messages"].items():
        yield from (f"{wire_type}: {fault}" for fault in _of_message(message, document))


def _as_the_judge_knows_it(document: Json) -> Json:
    """Without what AsyncAPI 3.0 has and the validator's models do not: bindings of Kafka, security as a list, its schemes."""
    given = copy.deepcopy(document)
    del given["components"]["securitySchemes"]
    for holder in (*given["components"]["messages"].values(), *given["servers"].values()):
        holder.pop("bindings", None)
        holder.pop("security", None)
    return given


def _of_message(message: Json, document: Json) -> Iterator[str]:
    if set(message["bindings"]["kafka"]) != {"key"}:
        yield "the binding of Kafka is not a key alone"
    if not message.get("examples"):
        yield "has no example"
    judge = jsonschema.Draft202012Validator({"$ref": message["payload"]["$ref"], "components": document["components"]})
    for example in message.get("examples", ()):
        for fault in judge.iter_errors(example["payload"]):
            yield f"the example {example['name']} is refused at {fault.json_path}"


def _surplus(place: str, value: Any) -> Iterator[str]:
    """Fields that the specification does not know: the validator's models keep them apart."""
    if isinstance(value, BaseModel):
        yield from (f"{place}.{name}: is no field of AsyncAPI" for name in value.model_extra or {} if name[:2] != "x-")
        for name in type(value).model_fields:
            if name not in {"payload", "headers", "schemas"}:
                yield from _surplus(f"{place}.{name}", getattr(value, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _surplus(f"{place}.{name}", inner)


def main() -> int:
    found = [*faults()]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
