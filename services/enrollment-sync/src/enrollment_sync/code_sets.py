"""The form in which the office loads the code sets, and the set that is shipped."""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from enrollment_sync.domain.codes import Action, Codes, Reason, Standing, Withdrawal

Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,10}$")]
Number = Annotated[str, Field(pattern=r"^[A-Zx0-9]{1,10}$")]
Course = Annotated[str, Field(pattern=r"^[A-Z&-]{1,12} [A-Z0-9]{1,10}$")]
MOST = 500
"""Entries of one set."""


class InvalidCodes(ValueError):
    """The codes were not loaded; `faults` names everything to correct."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class CodesForm(BaseModel):
    """As a file or a call holds it (docs/connect.md)."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    version: Annotated[int, Field(ge=1, lt=2**31)]
    statuses: Annotated[dict[Code, Standing], Field(min_length=1, max_length=MOST)]
    reasons: Annotated[dict[Code, Reason], Field(min_length=1, max_length=MOST)]
    actions: Annotated[dict[Code, Action], Field(min_length=1, max_length=MOST)]
    withdraw_codes: Annotated[dict[Code, Withdrawal], Field(min_length=1, max_length=MOST)]
    withdrawal_grades: Annotated[list[Code], Field(max_length=MOST)]
    audit_bases: Annotated[list[Code], Field(max_length=MOST)]
    training_numbers: Annotated[list[Number], Field(max_length=MOST)]
    continuous_numbers: Annotated[list[Code], Field(max_length=MOST)]
    coop_courses: Annotated[list[Course], Field(max_length=MOST)]


def parse_codes(form: Mapping[str, Any]) -> Codes:
    """Raises InvalidCodes naming every fault at once."""
    try:
        read = CodesForm.model_validate(form)
    except ValidationError as error:
        raise InvalidCodes(tuple(_fault(one) for one in error.errors())) from None
    sets = {name: frozenset(value) for name, value in read if isinstance(value, list)}
    return Codes(**{**dict(read), **sets})


def form_of(codes: Codes) -> dict[str, Any]:
    """The form that `parse_codes` reads."""
    values = {one.name: getattr(codes, one.name) for one in fields(Codes)}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """A copy: the codes in force are shared."""
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(value) if isinstance(value, Mapping) else value


@cache
def shipped_codes() -> Codes:
    """In force until the office loads its own."""
    return parse_codes(json.loads(files("enrollment_sync").joinpath("codes.json").read_text(encoding="utf-8")))


def _fault(error: Mapping[str, Any]) -> str:
    place = ".".join(str(part)[:20] for part in error["loc"]) or "codes"
    return f"{place}: {error['msg'][:1].lower()}{error['msg'][1:]}"
