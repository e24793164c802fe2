"""What changed between two schemas of one wire type, and whether the type may keep its version.

Yesterday's messages must stay readable, and yesterday's consumers must find what they read. What only adds keeps
both; a wider type or a new value of a list keeps the first, so consumers are deployed before producers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MEANING = ("$id", "x-topic", "x-source", "x-key", "x-headers")
_NO_LIMIT = {"type", "format", "anyOf", "items", "properties", "required", "enum", "const", "default"}
_NO_LIMIT |= {"description", "examples", "$schema", "x-personal", *_MEANING}
_FIRST = "deploy the consumers first"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """`compatible`: the wire type may stay; otherwise the event needs a new version in addition."""

    path: str
    what: str
    compatible: bool

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" if self.path else self.what


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[SchemaChange]:
    """Empty only if the two are equal."""
    if old == new:
        return []
    found = [
        SchemaChange(
            "", f"meaning changed: {name.lstrip('$').removeprefix('x-')} was {old.get(name)}, is {new.get(name)}", False
        )
        for name in _MEANING
        if old.get(name) != new.get(name)
    ]
    found += _nodes("", _inlined(old, old.get("$defs", {})), _inlined(new, new.get("$defs", {})))
    return found or [SchemaChange("", "documentation changed", True)]


def _inlined(node: Any, parts: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, parts) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(parts[node["$ref"].rpartition("/")[2]], parts)
    return {name: _inlined(value, parts) for name, value in node.items() if name != "$defs"}


def _nodes(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    before, after = _alternatives(old), _alternatives(new)
    if not before.keys() & after.keys():
        yield SchemaChange(path, f"type changed from {_list(before)} to {_list(after)}", False)
        return
    if gone := before.keys() - after.keys():
        yield SchemaChange(path, f"type narrowed: {_list(gone)} is no longer allowed", False)
    if more := after.keys() - before.keys():
        yield SchemaChange(path, f"type widened: {_list(more)} is allowed, {_FIRST}", True)
    if old.get("default") != new.get("default") and "default" in old:
        yield SchemaChange(path, "meaning changed: another default", False)
    for kind in sorted(before.keys() & after.keys()):
        yield from _limits(path, before[kind], after[kind])
        yield from _values(path, before[kind], after[kind])
        yield from _fields(path, before[kind], after[kind])
        if "items" in before[kind] and "items" in after[kind]:
            yield from _nodes(f"{path}[]", before[kind]["items"], after[kind]["items"])


def _alternatives(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {choice.get("type", "anything"): choice for choice in node.get("anyOf", [node])}


def _limits(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    if old.get("format") != new.get("format"):
        yield SchemaChange(path, f"type changed from {old.get('format', 'text')} to {new.get('format', 'text')}", False)
    for name in sorted((old.keys() | new.keys()) - _NO_LIMIT):
        if old.get(name) != new.get(name):
            wider = name not in new
            what = f"type widened: {name} is gone, {_FIRST}" if wider else f"type narrowed: {name} is {new[name]}"
            yield SchemaChange(path, what, wider)


def _values(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    before, after = _allowed(old), _allowed(new)
    if before is None or after is None:
        if before is not after:
            wider = after is None
            yield SchemaChange(
                path, f"type widened to any value, {_FIRST}" if wider else "type narrowed to a list", wider
            )
        return
    yield from (SchemaChange(path, f"value removed: {value}", False) for value in sorted(before - after))
    yield from (SchemaChange(path, f"value added: {value}, {_FIRST}", True) for value in sorted(after - before))


def _allowed(node: dict[str, Any]) -> set[Any] | None:
    return {node["const"]} if "const" in node else set(node["enum"]) if "enum" in node else None


def _fields(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[SchemaChange]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", [])), set(new.get("required", []))
    for name in (*before, *(name for name in after if name not in before)):
        at = f"{path}.{name}".lstrip(".")
        if name not in after:
            yield SchemaChange(at, "field removed", False)
        elif name not in before:
            required = name in needs
            yield SchemaChange(at, "required field added" if required else "optional field added", not required)
        else:
            if (name in needed) != (name in needs):
                wider = name in needed
                yield SchemaChange(at, f"field may be absent, {_FIRST}" if wider else "field became required", wider)
            yield from _nodes(at, before[name], after[name])


def _list(kinds: Any) -> str:
    return " or ".join(sorted(kinds))
