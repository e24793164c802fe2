"""Validation findings as field errors: every field at once, and never the value that was sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from cpt.web.problems import FieldError

_PLACES = frozenset({"body", "query", "path", "header", "cookie"})
_FROM_OUR_RULES = frozenset(
    {
        "actual_length", "class", "class_name", "decimal_places", "expected", "expected_tags", "field_type",
        "ge", "gt", "le", "lt", "max_digits", "max_length", "min_length", "multiple_of", "pattern", "whole_digits",
    }
)  # fmt: skip
_WORDS = {
    "missing": "This field is required.",
    "extra_forbidden": "This field is not known here.",
    "decimal_parsing": "Write a number, such as 20 or 12.5.",
    "int_parsing": "Write a whole number.",
}


def at_most(count: int) -> BeforeValidator:
    """Lengths before items: of a list that is too long no item is judged, so that it is one fault and not thousands.

    Beside `Field(max_length=count)`, which tells it to the OpenAPI document.
    """

    def bounded(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > count:
            context = {"field_type": "List", "max_length": count, "actual_length": len(value)}
            raise PydanticKnownError("too_long", context)
        return value

    return BeforeValidator(bounded)


def field_errors(findings: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """`findings` as pydantic's and FastAPI's `errors()` give them."""
    return [FieldError(_path(finding["loc"]), finding["type"], _message(finding)) for finding in findings]


def _path(location: tuple[str | int, ...]) -> str:
    inner = location[1:] if len(location) > 1 and location[0] in _PLACES else location
    return ".".join(str(part)[:60] for part in inner[:12])


def _message(finding: Mapping[str, Any]) -> str:
    kind, text = finding["type"], str(finding["msg"])
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "value_error":  # raised by a validator of ours, whose words do not quote the value
        return text.removeprefix("Value error, ")
    if set(finding.get("ctx") or ()) <= _FROM_OUR_RULES:
        return _sentence(text.partition(", unable to")[0])
    if kind.endswith("_parsing"):  # what follows the comma quotes the value
        return _sentence(text.partition(", ")[0])
    return "This value is not accepted."


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
