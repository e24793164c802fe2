"""How a site writes its extracts: names or places of columns, encoding, dates; a file that people keep (docs/connect.md)."""

import codecs
import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from enrollment_sync.extracts.fields import FIELDS, Record

_PLACE = re.compile(r"([1-9][0-9]{0,4})-([1-9][0-9]{0,4})")
_DAY_FIRST, _MONTH_FIRST = re.compile(r"%d[/.-]%m"), re.compile(r"%m[/.-]%d")
Column = str | list[str]
"""A header's name, or a place such as `1-11`; several are joined by a space, as a date and its time."""


class InvalidMapping(ValueError):
    """Names every fault of the file, one a line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordMapping(_Strict):
    """One kind of row. `files`: which names hold it; `mode`: whether a file has all rows of its terms or only changed ones."""

    files: Annotated[str, Field(min_length=1, max_length=200)]
    mode: Literal["full", "delta"] = "full"
    columns: dict[str, Column]


class Mapping(_Strict):
    """The whole file. `trailer`: an expression whose first group is the number of rows."""

    form: Literal["csv", "fixed"] = "csv"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8-sig"
    dates: Annotated[list[str], Field(min_length=1, max_length=10)]
    times: Annotated[list[str], Field(max_length=10)] = []
    decimal: Literal[".", ","] = "."
    zone: str = "America/New_York"
    taken_at: str = ""
    trailer: str = ""
    STDNT_ENRL: RecordMapping | None = None
    STDNT_CAR_TERM: RecordMapping | None = None
    STUDENT: RecordMapping | None = None

    def of(self, record: Record) -> RecordMapping | None:
        found: RecordMapping | None = getattr(self, record)
        return found

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            return codecs.lookup(name).name
        except LookupError:
            raise ValueError(f"no encoding is named {name!r}; utf-8-sig, cp1252 and latin-1 are usual") from None

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"no time zone is named {name!r}; America/New_York is one") from None
        return name

    @field_validator("trailer")
    @classmethod
    def _counts(cls, expression: str) -> str:
        try:
            groups = re.compile(expression).groups
        except re.error as error:
            raise ValueError(f"is no expression: {error}") from None
        if expression and groups != 1:
            raise ValueError("needs one group in parentheses: the number of rows")
        return expression

    @field_validator("dates")
    @classmethod
    def _mean_one_thing(cls, forms: list[str]) -> list[str]:
        if any(map(_DAY_FIRST.search, forms)) and any(map(_MONTH_FIRST.search, forms)):
            raise ValueError("03/04 would be two days: name the day first or the month first, not both")
        return forms

    @model_validator(mode="after")
    def _names_what_is_needed(self) -> Self:
        faults = [fault for record in FIELDS for fault in self._faults(record)]
        if not any(self.of(record) for record in FIELDS):
            faults.append(f"names no record: one of {', '.join(FIELDS)} is needed")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self, record: Record) -> list[str]:
        given = self.of(record)
        if given is None:
            return []
        known = FIELDS[record]
        faults = [
            f"[{record}.columns] lacks {name}" for name in known if known[name].required and name not in given.columns
        ]
        faults += [
            f"[{record}.columns] {name} is no field; known are {', '.join(known)}"
            for name in given.columns
            if name not in known
        ]
        if self.form == "fixed":
            faults += [
                f"[{record}.columns] {name}: {place!r} is no place such as 1-11"
                for name, column in given.columns.items()
                for place in names_of(column)
                if not is_place(place)
            ]
        return faults


def names_of(column: Column) -> list[str]:
    return [column] if isinstance(column, str) else column


def is_place(text: str) -> bool:
    found = _PLACE.fullmatch(text)
    return found is not None and int(found[1]) <= int(found[2])


def slice_of(place: str) -> slice:
    first, _, last = place.partition("-")
    return slice(int(first) - 1, int(last))


def parse_mapping(text: str) -> Mapping:
    """Raises InvalidMapping."""
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidMapping(f"The mapping is no TOML: {error}") from None
    except ValidationError as error:
        raise InvalidMapping("\n".join(_line(fault) for fault in error.errors()[:20])) from None


def _line(fault: Any) -> str:
    place = ".".join(map(str, fault["loc"])) or "mapping"
    return f"{place}: {fault['msg'].removeprefix('Value error, ')}"


def load_mapping(path: str) -> Mapping:
    """The shipped one where `path` is empty. Raises InvalidMapping."""
    if not path:
        return shipped_mapping()
    try:
        return parse_mapping(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMapping(f"The mapping {path} cannot be read: {error.__class__.__name__}") from None


@lru_cache(maxsize=1)
def shipped_mapping() -> Mapping:
    return parse_mapping(files("enrollment_sync.extracts").joinpath("peoplesoft.toml").read_text("utf-8"))
