"""How refusals look in the OpenAPI document."""

from typing import Any

from cpt.web.problems import MOST_ERRORS, PROBLEM_JSON

_TEXT = {"type": "string"}
_FIELD_ERROR = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {"field": _TEXT, "code": _TEXT, "message": _TEXT},
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "errors": {"type": "array", "items": _FIELD_ERROR, "maxItems": MOST_ERRORS},
        "more_errors": {"type": "integer", "minimum": 1, "description": "How many there are beside those named."},
    },
}


def _refusal(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_JSON: {"schema": _PROBLEM}}}


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": _refusal("Refused; `code` says why, `errors` names every field at once, up to 50"),
    "5XX": _refusal("Not possible now; with `Retry-After` where trying again helps"),
}
