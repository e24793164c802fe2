"""The three forms in which a campus event may be sent, for the OpenAPI document."""

from typing import Any

from cpt.contracts.attributes import REQUIRED
from cpt.contracts.examples import campus_examples
from cpt.web.cloudevents import BATCHED, STRUCTURED

_TEXT = {"type": "string"}
_EVENT = {
    "type": "object",
    "required": list(REQUIRED),
    "properties": {
        **dict.fromkeys(REQUIRED, _TEXT),
        "time": _TEXT | {"format": "date-time"},
        "subject": _TEXT,
        "data": {"type": "object", "description": "As `asyncapi.json` says for the type."},
        "data_base64": _TEXT,
    },
}


def campus_body(topic: str) -> dict[str, Any]:
    """Structured, batched and binary mode with an example of each event."""
    mine = [example for example in campus_examples() if example.topic == topic]
    whole = {example.name: {"summary": example.summary, "value": example.event} for example in mine}
    data = {example.name: {"summary": example.summary, "value": example.event["data"]} for example in mine}
    batch = {"all": {"summary": "Several, in their order", "value": [example.event for example in mine]}}
    content = {
        STRUCTURED: {"schema": _EVENT, "examples": whole},
        BATCHED: {"schema": {"type": "array", "items": _EVENT}, "examples": batch},
        "application/json": {"schema": {"type": "object"}, "examples": data},
    }
    return {
        "requestBody": {"required": True, "content": content},
        "parameters": [_attribute(name, mine[0].event[name]) for name in REQUIRED],
    }


def _attribute(name: str, example: str) -> dict[str, Any]:
    return {
        "name": f"ce-{name}",
        "in": "header",
        "required": False,
        "schema": _TEXT,
        "description": "Binary mode only, where the body is the data alone.",
        "example": example,
    }
