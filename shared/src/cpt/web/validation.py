"""Validation findings as field errors: every field at once, and never the value that was sent."""

from collections.abc import Iterable, Mapping
from datetime import date
from string import Formatter
from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from cpt.campus.clock import in_words
from cpt.web.problems import FieldError

_PLACES = frozenset({"body", "query", "path", "header", "cookie"})
_WORDS = {
    "missing": "This field is required.",
    "extra_forbidden": "This field is not known here.",
    "string_type": "Write this as text.",
    "string_unicode": "This text holds characters that cannot be kept.",
    "string_too_short": "This text is too short: at least {min_length} characters.",
    "string_too_long": "This text is too long: at most {max_length} characters.",
    "string_pattern_mismatch": "This is not written in the form that is expected here.",
    "too_short": "Give at least {min_length}.",
    "too_long": "Give at most {max_length}.",
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be {ge} or more.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be {le} or less.",
    "multiple_of": "This must be a multiple of {multiple_of}.",
    "decimal_max_digits": "Use at most {max_digits} digits.",
    "decimal_max_places": "Use at most {decimal_places} digits after the point.",
    "decimal_whole_digits": "Use at most {whole_digits} digits before the point.",
    "finite_number": "Write a number, such as 20 or 12.5.",
    "literal_error": "Choose one of: {expected}.",
    "enum": "Choose one of: {expected}.",
    "union_tag_invalid": "Choose one of: {expected_tags}.",
    "union_tag_not_found": "Say which kind this is.",
    "uuid_type": "This is not the name of anything here.",
    "list_type": "Give a list.",
    "dict_type": "Give named values.",
    "model_type": "Give named values.",
    "model_attributes_type": "Give named values.",
}
_FAMILIES = {
    "bool": "Say true or false.",
    "date": "Write the date like 2026-09-14.",
    "datetime": "Write the time like 2026-09-14T14:05:00Z.",
    "decimal": "Write a number, such as 20 or 12.5.",
    "float": "Write a number, such as 20 or 12.5.",
    "int": "Write a whole number.",
    "timezone": "Write the time with its time zone.",
    "uuid": "This is not the name of anything here.",
}
"""By the first word of pydantic's type, for what has no words of its own."""
_OTHER = "This value is not accepted."
_RULES = frozenset({part for words in _WORDS.values() for _, part, _, _ in Formatter().parse(words) if part})
"""What a rule of ours says of itself; anything else that pydantic gives may come from the value."""


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
    """In our own words, so that no fault reads like a program's and none repeats what was sent."""
    kind = finding["type"]
    if kind == "value_error":  # raised by a validator of ours, whose words do not quote the value
        return str(finding["msg"]).removeprefix("Value error, ")
    limits = {name: _limit(value) for name, value in (finding.get("ctx") or {}).items() if name in _RULES}
    try:
        return _WORDS[kind].format(**limits)
    except KeyError:
        return _FAMILIES.get(kind.partition("_")[0], _OTHER)


def _limit(value: object) -> str:
    return in_words(value) if isinstance(value, date) else str(value)
