"""What a page needs to show a form again with everything the person typed and every correction at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from starlette.datastructures import FormData
from starlette.requests import Request

from cpt.web.problems import FieldError, plain_problem
from cpt.web.validation import field_errors

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Form:
    """`values` are the texts as typed; `errors` holds one message per field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, values: Mapping[str, Any], errors: Iterable[FieldError]) -> "Form":
        """The form once more after a refusal; files cannot be shown again."""
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        return cls(texts, {error.field: error.message for error in reversed(list(errors))})

    @classmethod
    def invalid(cls, values: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> "Form":
        """`findings` are the `errors()` of pydantic's ValidationError."""
        return cls.refused(values, field_errors(findings))


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith(FORM_TYPES)


async def read_form(request: Request) -> FormData:
    """Raises Problem 400 for a form whose `charset` is none."""
    try:
        return await request.form()
    except UnicodeError:
        raise plain_problem(400, "The form is in an encoding that cannot be read.") from None


async def storable_form(request: Request) -> None:
    """A dependency of the whole app. Raises Problem 400 for what no browser sends and PostgreSQL refuses."""
    if not is_form(request):
        return
    if any(_unstorable(value) for value in (await read_form(request)).values() if isinstance(value, str)):
        raise plain_problem(400, "The form holds a character that cannot be kept.")


def _unstorable(text: str) -> bool:
    """NUL, or half a surrogate pair, which some encodings let through."""
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _storable(text: str) -> str:
    """JSON can hold NUL, which PostgreSQL refuses; half a surrogate pair is refused by pydantic already."""
    if any(character < " " and character not in "\t\n\r" for character in text):
        raise ValueError("This text holds characters that cannot be kept.")
    return text


def _one_line(text: str) -> str:
    if any(character in text for character in "\t\n\r"):
        raise ValueError("Write this on one line.")
    return text


def _written_date(value: object) -> object:
    """Pydantic would also take numbers of seconds and moments for dates."""
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise ValueError("Write the date like 2026-09-14.")


WrittenDate = Annotated[date, BeforeValidator(_written_date)]

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(_storable)]
"""Several lines of text that every part of the system can keep."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_storable), AfterValidator(_one_line)
]
"""One line of text that every part of the system can keep."""
