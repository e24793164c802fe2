"""Samples and schemas as the tests of this folder read and break them."""

import json

from cpt.contracts.registry import EVENTS
from cpt.contracts.schemas import models_in, schema_of


def encoded(body):
    return json.dumps(body).encode()


def personal_values(sample):
    """Every value of the body that fields.toml marks as personal, at any depth."""
    schema = schema_of(EVENTS[sample["headers"]["ce_type"]])
    parts = [schema, *schema.get("$defs", {}).values()]
    names = {name for part in parts for name, field in part["properties"].items() if field.get("x-personal")}
    return {value for value in _values(sample["body"], names) if isinstance(value, str)}


def _values(node, names):
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _values(value, names) if isinstance(value, dict | list) else [value] * (name in names)
    elif isinstance(node, list):
        for item in node:
            yield from _values(item, names)


def all_models():
    return {name: model for event in EVENTS.values() for name, model in models_in(event).items()}
