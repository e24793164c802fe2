"""The fields of each PeopleSoft record, and what a row, its key and a fault in it are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

Record = Literal["STDNT_ENRL", "STDNT_CAR_TERM", "STUDENT"]
Kind = Literal["text", "code", "number", "count", "date", "time", "yes_no"]
NO_WITHDRAWAL = "NWD"


class Field(NamedTuple):
    """`required`: its column must be mapped and its value must not be blank."""

    kind: Kind = "text"
    required: bool = False


class Key(NamedTuple):
    """Of a row within its record; what a record lacks is empty."""

    emplid: str
    strm: str
    acad_career: str
    institution: str
    class_nbr: str

    @property
    def scope(self) -> "Scope":
        return Scope(self.institution, self.strm)


class Scope(NamedTuple):
    """What a full extract has all rows of: a term of an institution."""

    institution: str
    strm: str


class Fault(NamedTuple):
    """For people; `value` as the file has it, shortened. `row` 0 is the file as a whole."""

    row: int
    column: str
    value: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Forms:
    """How values are written; `columns`: what a field is called where it comes from."""

    dates: tuple[str, ...]
    times: tuple[str, ...]
    decimal: str
    zone: ZoneInfo
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `data` is its wire form, in which a value that cannot be read stands as it came; `updated`: its version."""

    row: int
    record: Record
    key: Key
    data: dict[str, Any]
    updated: datetime | None = None
    deleted: bool = False


_NEEDED = Field(required=True)
FIELDS: Mapping[Record, Mapping[str, Field]] = {
    "STDNT_ENRL": {
        "emplid": _NEEDED,
        "acad_career": _NEEDED,
        "institution": _NEEDED,
        "strm": _NEEDED,
        "class_nbr": _NEEDED,
        "session_code": Field(),
        "subject": _NEEDED,
        "catalog_nbr": _NEEDED,
        "component": Field(),
        "primary_class_nbr": Field(),
        "status": _NEEDED,
        "reason": Field("code"),
        "grade": Field("code"),
        "units": Field("number", required=True),
        "grading_basis": Field(),
        "status_dt": Field("date"),
        "add_dt": Field("date"),
        "drop_dt": Field("date"),
        "updated": Field("time"),
    },
    "STDNT_CAR_TERM": {
        "emplid": _NEEDED,
        "acad_career": _NEEDED,
        "institution": _NEEDED,
        "strm": _NEEDED,
        "withdraw_code": Field(),
        "withdraw_date": Field("date"),
        "updated": Field("time"),
    },
    "STUDENT": {
        "emplid": _NEEDED,
        "institution": Field(),
        "acad_career": _NEEDED,
        "name": _NEEDED,
        "email": Field("code"),
        "program": Field(),
        "college": Field(),
        "level": _NEEDED,
        "sevis_id": Field("code"),
        "program_end_date": Field("date"),
        "admit_until": Field("date"),
        "degree_completed_on": Field("date"),
        "english_language_program": Field("yes_no", required=True),
        "prior_fulltime_terms": Field("count"),
        "fulltime_cpt_days": Field("count"),
        "updated": Field("time"),
    },
}
KEYS: Mapping[Record, tuple[str, ...]] = {
    "STDNT_ENRL": Key._fields,
    "STDNT_CAR_TERM": ("emplid", "strm", "acad_career", "institution"),
    "STUDENT": ("emplid",),
}
