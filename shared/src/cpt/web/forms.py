"""What a page needs to show a form again with everything the person typed and every correction at once."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, get_args, get_origin

from fastapi.dependencies.models import Dependant
from pydantic import AfterValidator, BeforeValidator, StringConstraints
from starlette.datastructures import FormData
from starlette.requests import Request

from cpt.contracts.characters import Seen, is_kept, one_line, several_lines
from cpt.web.problems import FieldError, plain_problem
from cpt.web.validation import field_errors

MOST_TEXT = 256 * 2**10
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
    """A dependency of the whole app. Raises Problem 400 for what no page of ours sends: a character that cannot be
    kept, or a field twice that its route does not declare as a list.
    """
    if not is_form(request):
        return
    sent = (await read_form(request)).multi_items()
    if sum(len(value) for _, value in sent if isinstance(value, str)) > MOST_TEXT:  # beside a file a body may be large
        raise plain_problem(413, "The texts of a form are at most 256 KB together.")
    if not all(is_kept(value) for _, value in sent if isinstance(value, str)):
        raise plain_problem(400, "The form holds a character that cannot be kept.")
    counted = Counter(name for name, _ in sent)
    if {name for name, count in counted.items() if count > 1} - _lists_of(request):
        raise plain_problem(400, "The form holds one of its fields twice.")


def _lists_of(request: Request) -> set[str]:
    fields = getattr(request.scope.get("route"), "dependant", Dependant()).body_params
    return {field.alias for field in fields if _is_list(field.field_info.annotation)}


def _is_list(annotation: object) -> bool:
    return any(get_origin(part) is list for part in (annotation, *get_args(annotation)))


def _written_date(value: object) -> object:
    """Pydantic would also take numbers of seconds and moments for dates."""
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise ValueError("Write the date like 2026-09-14.")


WrittenDate = Annotated[date, BeforeValidator(_written_date)]

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), Seen, AfterValidator(several_lines)]
"""Several lines of text that every part of the system can keep, without what nobody sees."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Seen, AfterValidator(one_line)]
"""One line of text that every part of the system can keep, without what nobody sees."""
