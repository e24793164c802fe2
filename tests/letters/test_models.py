"""Letters after other models than the reader was made on: nothing is held, and no value passes in another role.

Those of which `«fact|words»` marks what states a fact are read without these words, too.
"""

import tomllib
from pathlib import Path

import pytest

from intake.letter import LetterText, Outcome, check_letter
from tests.letters.strangers import Stranger, marks_of, without

LETTERS = [
    Stranger(told["name"], told)
    for path in sorted(Path(__file__).with_name("models").glob("*.toml"))
    for told in tomllib.loads(path.read_text("utf-8"))["letter"]
]
ROLES = [
    pytest.param(letter, fact, value, id=f"{letter.name}-{fact}-{number}")
    for letter in LETTERS
    for number, (fact, value) in enumerate(letter.told["roles"])
]

MARKED = [
    pytest.param(letter, fact, id=f"{letter.name}-{fact}")
    for letter in LETTERS
    for fact in marks_of(letter.told["text"])
]
GOES_WITH = {"mailing_address": {"location"}, "end_date": {"start_date"}}
"""What the words of a fact may state, too: the only state of a city, the only year of a range."""


def report(letter: Stranger, *omit: str, **changed):
    """As the form would say it with these values; a `location` is the list of its places."""
    changed = {"work_locations" if fact == "location" else fact: value for fact, value in changed.items()}
    told = Stranger(letter.name, {**letter.told, **changed})
    return check_letter(LetterText.of(without(omit, letter.told["text"])), told.facts)


def test_there_are_many_models():
    assert len(LETTERS) >= 189


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_complete_letter_is_not_held(letter: Stranger):
    """R2-R10"""
    assert {finding.fact: finding.message for finding in report(letter).missing} == {}


@pytest.mark.parametrize(("letter", "fact", "value"), ROLES)
def test_a_value_in_another_role_is_missed_or_flagged(letter: Stranger, fact: str, value):
    """R2, R4, R6, R7, R8, R9, R10, R11"""
    found = report(letter, **{fact: value})

    finding = next(one for one in found.findings if one.fact == fact)
    assert finding.outcome is Outcome.MISSING or finding.doubt
    assert {one.fact for one in found.missing} <= {fact, "letterhead" if fact == "employer" else fact}


@pytest.mark.parametrize(("letter", "fact"), MARKED)
def test_a_fact_that_was_taken_out_is_named_and_nothing_else(letter: Stranger, fact: str):
    """R11, A1"""
    missing = {one.fact for one in report(letter, fact).missing}

    assert missing - GOES_WITH.get(fact, set()) == {fact}
