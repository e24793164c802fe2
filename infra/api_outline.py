"""An OpenAPI or AsyncAPI document in a line for each call, answer and field: short enough to be read in a diff."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def outline(documents: Mapping[str, Json]) -> str:
    """`!` marks what must be there, `<-` what a call takes."""
    return "".join(f"# {name}\n" + "".join(f"{line}\n" for line in _lines(one)) for name, one in documents.items())


def _lines(document: Json) -> Iterator[str]:
    for path, acts in sorted(document.get("paths", {}).items()):
        for method, act in acts.items():
            yield from _call(f"{method.upper()} {path}", act)
    for topic, channel in sorted(document.get("channels", {}).items()):
        yield f"{topic}: {', '.join(sorted(channel['messages']))}"
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        yield from _fields(name, schema)


def _call(name: str, act: Json) -> Iterator[str]:
    taken = _bodies(act.get("requestBody", {}))
    yield f"{name} <- {taken}" if taken else name
    for one in act.get("parameters", ()):
        yield f"  {one['in']} {one['name']}{_must(one.get('required'))}: {_kind(one.get('schema', {}))}"
    for status, answer in act["responses"].items():
        yield f"  {status} {_bodies(answer)}".rstrip()


def _bodies(holder: Json) -> str:
    return ", ".join(f"{media} {_kind(one.get('schema', {}))}" for media, one in holder.get("content", {}).items())


def _fields(name: str, schema: Json) -> Iterator[str]:
    if "properties" not in schema:
        yield f"{name} = {_kind(schema)}"
        return
    for field, one in schema["properties"].items():
        yield f"{name}.{field}{_must(field in schema.get('required', ()))}: {_kind(one)}"


def _must(required: object) -> str:
    return "!" if required else ""


def _kind(schema: Any) -> str:
    if not isinstance(schema, Mapping):
        return "any"
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(_kind(one) for one in schema[choice]))
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(one) for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items'))}]"
    return f"{schema.get('format') or schema.get('type', 'any')}{_bounds(schema)}"


def _bounds(schema: Json) -> str:
    """A tighter bound is another interface."""
    said = {
        name: schema[name] for name in ("minLength", "maxLength", "minimum", "maximum", "pattern") if name in schema
    }
    return f" {json.dumps(said)}" if said else ""
