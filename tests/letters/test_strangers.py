"""The letter check over letters whose author had not seen it."""

import pytest

from intake.letter import Outcome, check_letter
from tests.letters.strangers import STRANGERS, Stranger

EACH = pytest.mark.parametrize("letter", STRANGERS, ids=lambda letter: letter.name)
MARKED = (
    "mailing_address",
    "job_title",
    "duties",
    "hours_per_week",
    "start_date",
    "end_date",
    "location",
    "compensation",
)
STATED_TWICE = {
    "confirmation_by_hr_system": ("mailing_address",),  # one of the work places is the same address
    "one_day_training": ("start_date", "end_date"),  # the same day
}

ONE_YEAR_FOR_BOTH = {"newspaper_of_record"}  # "September 21st until December 4th, 2026"


def missing(letter: Stranger, *omit: str) -> set[str]:
    return set(check_letter(letter.read(*omit), letter.facts).facts(Outcome.MISSING))


@EACH
def test_a_strangers_letter_that_states_all_facts_is_not_held(letter: Stranger):
    """R2-R10"""
    assert missing(letter) == set()


@EACH
@pytest.mark.parametrize("fact", MARKED)
def test_a_fact_that_a_strangers_letter_lacks_is_missed(letter: Stranger, fact: str):
    """R11, A1; the head of the page may have held the name beside the address, or the only region of the work place"""
    if fact in STATED_TWICE.get(letter.name, ()):
        pytest.skip("another fact of this letter states it too")

    beside = {"letterhead", "location"} if fact == "mailing_address" else set()
    if fact == "end_date" and letter.name in ONE_YEAR_FOR_BOTH:
        beside = {"start_date"}

    assert missing(letter, fact) - beside == {fact}


@EACH
def test_a_strangers_letter_without_the_employers_name_has_no_letterhead(letter: Stranger):
    """R2"""
    assert missing(letter, "employer", "letterhead") == {"employer", "letterhead"}


@EACH
def test_everything_that_a_strangers_letter_lacks_is_told_at_once(letter: Stranger):
    """R11, case 33"""
    lacking = set(MARKED) - {"mailing_address"}

    assert missing(letter, *lacking) == lacking
