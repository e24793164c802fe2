"""Types of the fields of a form; faults are said in words that do not quote what was typed."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from cpt.campus.courses import plain_catalog_nbr, plain_subject
from cpt.web.forms import Line, Text, WrittenDate


def blank_is_absent(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def absent(instead: object) -> BeforeValidator:
    """A null counts as absent."""
    return BeforeValidator(lambda value: instead if value is None else value)


def _a_number(value: object) -> object:
    """Pydantic would also take true and "20"."""
    value = blank_is_absent(value)
    if isinstance(value, bool | str):
        raise ValueError("This is a number of hours, such as 20 or 37.5.")  # noqa: TRY004 pydantic collects ValueErrors only
    return value


Short = Annotated[Line, absent("")]
Long = Annotated[Text, absent("")]
Day = Annotated[
    Annotated[WrittenDate, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))] | None, BeforeValidator(blank_is_absent)
]
Hours = Annotated[
    Annotated[Decimal, Field(gt=0, le=168, max_digits=5, decimal_places=2)] | None,
    BeforeValidator(_a_number),
]
Strm = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")]
Subject = Annotated[Short, AfterValidator(plain_subject), Field(max_length=20)]
CatalogNbr = Annotated[Short, AfterValidator(plain_catalog_nbr), Field(max_length=10)]
ClassNbr = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,10}$")] | None,
    BeforeValidator(blank_is_absent),
]
