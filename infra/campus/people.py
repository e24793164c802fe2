"""The people and the sample data that a fresh campus knows, all from `demo.json`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from infra.campus.spire import Profile, Row


class Person(BaseModel):
    """Someone who can sign in; students sign in with their EMPLID."""

    sub: str
    name: str | None = None
    email: str | None = None
    roles: list[str]


class Account(BaseModel):
    """`roles` as they were chosen when the person signed in; `revoked` may name others too."""

    roles: set[str] = set()
    revoked: set[str] = set()
    locked: bool = False


class SampleStudent(BaseModel):
    model_config = ConfigDict(frozen=True)

    profile: Profile
    about: str
    enrollments: list[Row]
    agreements: list[dict[str, Any]]


class SampleData(BaseModel):
    terms: dict[str, str]
    staff: list[Person]
    students: list[SampleStudent]


@cache
def sample_data() -> SampleData:
    return SampleData.model_validate(json.loads(Path(__file__).with_name("demo.json").read_text(encoding="utf-8")))


def staff_member(sub: str) -> Person | None:
    return next((person for person in sample_data().staff if person.sub == sub), None)


def about(emplid: str) -> str:
    """What a sample student is there to show; empty for all others."""
    return next((student.about for student in sample_data().students if student.profile.emplid == emplid), "")


def term_name(strm: str) -> str:
    return sample_data().terms.get(strm, f"term {strm}")
