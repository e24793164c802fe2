from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from intake.letter import Address, LetterText, Outcome, check_letter
from tests.letters.prose import PROSE

EACH_LETTER = pytest.mark.parametrize(("letter", "facts"), PROSE.values(), ids=PROSE)


def missing(letter, facts):
    return check_letter(LetterText.of(letter), facts).facts(Outcome.MISSING)


@EACH_LETTER
def test_a_letter_in_prose_that_states_all_facts_is_not_held(letter, facts):
    assert missing(letter, facts) == []


@EACH_LETTER
def test_a_form_that_says_something_else_is_noticed(letter, facts):
    """R46"""
    elsewhere = Address("77 Other Road", "Worcester", "MA", "01609")
    other = {
        "job_title": {"job_title": "Head of Sales"},
        "duties": {"duties": "Answering telephone calls of angry customers, sorting mail"},
        "hours_per_week": {"hours_per_week": Decimal(22)},
        "start_date": {"start_date": facts.start_date + timedelta(days=1)},
        "end_date": {"end_date": facts.end_date - timedelta(days=7)},
        "location": {"work_locations": (elsewhere,)},
        "compensation": {"compensation": "$99.00 per hour"},
        "mailing_address": {"mailing_address": elsewhere},
    }

    assert {fact: missing(letter, replace(facts, **typed)) for fact, typed in other.items()} == {
        fact: [fact] for fact in other
    }


@EACH_LETTER
def test_another_employer_has_no_letterhead_here(letter, facts):
    assert missing(letter, replace(facts, employer="Acme Corporation")) == ["employer", "letterhead"]
