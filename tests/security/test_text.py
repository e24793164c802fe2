"""Every text that a person or machine sends is of one kind: seen, kept by every part of the system, read in one way."""

import json
import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from cpt.contracts.campus import AgreementChanged, EnrollmentChanged
from cpt.contracts.characters import Seen, is_plain, visible
from cpt.contracts.envelope import InvalidEnvelope, decode
from cpt.contracts.examples import campus_examples
from cpt.web.forms import Line, Text
from cpt.web.person import Person
from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.consumer import validators_of
from enrollment_sync.spire_rows import profile_of
from review.cases.import_row import Optional
from tests.security.services import routes_of

UNSEEN = ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u202e", "\u2066", "\u061c", "\u3164", "\U000e0041"]
UNKEPT = ["\0", "\x07", "\x7f", "\x9b", "\ufdd0", "\uffff", "\U0001fffe"]
CODES = {"item", "request_id", "request_ids", "flag", "flags_accepted"}


@pytest.mark.parametrize("kind", [Line, Text, Optional])
@pytest.mark.parametrize("character", UNSEEN)
def test_what_nobody_sees_is_taken_out_of_a_text(kind, character):
    kept = TypeAdapter(kind).validate_python

    assert kept(f"Bay{character}state") == "Baystate"
    assert kept(character * 3) == "", "three zero-width spaces are no employer"


@pytest.mark.parametrize("kind", [Line, Text, Optional])
@pytest.mark.parametrize("character", UNKEPT)
def test_a_control_character_or_none_at_all_is_refused_in_every_text(kind, character):
    with pytest.raises(ValidationError, match="cannot be kept"):
        TypeAdapter(kind).validate_python(f"a{character}b")


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_a_line_has_no_break_of_any_kind(character):
    with pytest.raises(ValidationError, match="one line"):
        TypeAdapter(Line).validate_python(f"a{character}b")


def test_names_of_every_writing_stay_as_they_are():
    for name in ("Zoë O’Brien-Łukasz", "Нгуен", "محمد علي", "张伟", "பிரியா", "こんにちは 🎓"):
        assert TypeAdapter(Line).validate_python(name) == visible(name) == name
        assert is_plain(name)


@pytest.mark.parametrize("service", ["intake", "enrollment_sync", "review", "notifier"])
def test_every_text_of_every_body_and_form_is_of_the_shared_kind(service):
    """A list of choices, a pattern or a number of ours says by itself which characters there may be."""
    loose = {
        f"{route.path} {name}"
        for route in routes_of(service)
        if isinstance(route, APIRoute)
        for field in route.dependant.body_params
        for name, annotation, metadata in _leaves(field.alias, field.field_info)
        if annotation is str and not _is_bounded(metadata) and name.rpartition(".")[2] not in CODES
    }

    assert not loose


def _leaves(name: str, field: FieldInfo) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    yield from _parts(name, field.annotation, tuple(field.metadata))


def _parts(name: str, annotation: Any, metadata: tuple[Any, ...]) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for inner, field in annotation.model_fields.items():
            yield from _leaves(f"{name}.{inner}", field)
    elif get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from _parts(name, inner, (*metadata, *more))
    elif get_origin(annotation) in (list, tuple, Union, types.UnionType):
        for part in get_args(annotation):
            yield from _parts(name, part, metadata)
    else:
        yield name, annotation, metadata


def _is_bounded(metadata: tuple[Any, ...]) -> bool:
    """A text of ours, or a pattern."""
    found = [part for one in metadata for part in (one, *getattr(one, "metadata", ()))]
    judged = any(isinstance(one, AfterValidator) for one in found) and Seen in found
    return (
        judged
        or any(getattr(one, "pattern", None) for one in found if not isinstance(one, StringConstraints))
        or any(one.pattern for one in found if isinstance(one, StringConstraints))
    )


@pytest.mark.parametrize("character", [*UNKEPT[1:], *UNSEEN, "\n"])
def test_a_code_or_id_of_an_event_is_never_changed_and_refused_with_such_a_character(character):
    """Case 8: unknown codes are never guessed."""
    example = next(one for one in campus_examples() if one.event["type"] == EnrollmentChanged.TYPE)
    event = example.event["data"] | {"institution": f"UM{character}AMH"}

    with pytest.raises(ValidationError, match="invisible"):
        EnrollmentChanged.model_validate(event)


def test_an_employer_of_an_event_is_read_without_what_nobody_sees():
    example = next(one for one in campus_examples() if one.event["type"] == AgreementChanged.TYPE)

    assert (
        AgreementChanged.model_validate(example.event["data"] | {"employer": "Bay\u200bstate"}).employer == "Baystate"
    )


def test_an_event_that_names_a_field_twice_is_parked_and_not_read_in_one_of_two_ways():
    event = next(one for one in campus_examples() if one.event["type"] == EnrollmentChanged.TYPE).event
    body = json.dumps(event["data"])
    twice = body[:-1] + ', "emplid": "30099999"}'
    headers = {f"ce_{name}": event[name] for name in ("specversion", "id", "source", "type", "time")}

    assert decode(headers, body.encode()).event.emplid == event["data"]["emplid"]
    with pytest.raises(InvalidEnvelope, match="twice"):
        decode(headers, twice.encode())


def test_a_name_of_the_sign_in_or_of_spire_is_shown_without_what_nobody_sees():
    person = Person.of_claims({"sub": "30012345", "roles": [], "name": " \u202eAda\u200b "})
    profile = {
        "name": "A\u200dda", "acad_career": "UGRD", "level": "", "program": "", "english_language_program": False,
        "prior_fulltime_terms": 2, "fulltime_cpt_days": 0,
    }  # fmt: skip

    assert person.name == "Ada"
    assert profile_of(profile).name == "Ada"


def test_every_page_isolates_the_names_that_it_shows():
    """A name written from right to left turns nothing around it."""
    shown = {"student.name", "request.employer", "hit.employer", "record.employer", "application.employer"}
    pages = [path for root in ("services", "shared/src") for path in Path(root).rglob("templates/**/*.html")]
    lines = [line for path in pages for line in path.read_text("utf-8").splitlines()]

    assert len(pages) > 20
    bare = [line.strip()[:120] for line in lines for name in shown if f"{name} }}}}" in line and "<bdi>" not in line]
    assert not [line for line in bare if "block title" not in line and "<title>" not in line]


@pytest.mark.parametrize(
    ("day", "taken"), [("1999-12-31", False), ("2000-01-01", True), ("2027-09-02", True), ("2027-09-03", False)]
)
def test_an_event_dated_years_away_is_a_fault_of_the_data(day, taken):
    """It would be a loss that has not begun, which nobody needs to hurry about, though the course is gone today."""
    judge = validators_of(shipped_codes(), date(2026, 9, 1))[EnrollmentChanged]
    event = next(one for one in campus_examples() if one.event["type"] == EnrollmentChanged.TYPE).event["data"]

    for given in (day, date.fromisoformat(day)):
        assert [fault.code for fault in judge(event | {"effective_dt": given})] == ([] if taken else ["implausible"])
