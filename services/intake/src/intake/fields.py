"""Types of the fields of a form; faults are said in words that do not quote what was typed."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from cpt.web.forms import Line, Text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def blank_is_absent(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def absent(instead: object) -> BeforeValidator:
    """A null counts as absent."""
    return BeforeValidator(lambda value: instead if value is None else value)


def _written_date(value: object) -> object:
    """Pydantic would also take numbers of seconds and moments for dates."""
    value = blank_is_absent(value)
    if value is None or isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise ValueError("Write the date like 2026-09-14.")


def _no_number_in_disguise(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("This is a number of hours.")  # noqa: TRY004 pydantic collects ValueErrors only
    return blank_is_absent(value)


Short = Annotated[Line, absent("")]
Long = Annotated[Text, absent("")]
Day = Annotated[Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))] | None, BeforeValidator(_written_date)]
Hours = Annotated[
    Annotated[Decimal, Field(gt=0, le=168, max_digits=5, decimal_places=2)] | None,
    BeforeValidator(_no_number_in_disguise),
]
Strm = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")]
