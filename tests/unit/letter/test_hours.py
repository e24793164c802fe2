from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.letter.hours import Hours, hours_in
from intake.letter.numbers import digits_in
from intake.letter.sentences import Sentences
from intake.letter.words import plain
from intake.letter.work import stated_numbers


def _hours_in(text: str) -> list[Hours]:
    return hours_in(digits_in(plain(text)), Sentences(plain(text)))


def numbers(text):
    return stated_numbers(_hours_in(text))


@pytest.mark.parametrize(
    "written",
    [
        "You will work 20 hours per week.",
        "20 hours/week",
        "20 hrs/wk",
        "20 hrs. per wk.",
        "20 hours a week",
        "20 hours each week",
        "20 hours weekly",
        "20 h per week",
        "20 hours in any week",
        "20 hours of work per week",
        "a 20-hour week",
        "a 20 hour work week",
        "20.0 hours per week",
        "twenty hours per week",
        "Twenty (20) hours per week",
        "20 (twenty) hours per week",
        "20 working hours per week",
        "per week you will work 20 hours",
        "a weekly commitment of 20 hours",
        "a weekly schedule of 20",
        "Hours per week: 20",
        "Hours per week\n20",
        "Hours/week .......... 20",
        "Hours per week will be 20",
        "Hours per week (part-time): 20",
        "Weekly hours: 20",
        "Hours: 20",
        "Hours: 20 per week at $24.00 per hour",
        "Part time, 20 hours",
        "8 hours per day up to 20 hours per week",
        "$24.00 per hour, 20 hours per week",
        "up to 20 hours per week",
        "not to exceed 20 hours per week",
        "10-20 hours per week",
        "10 – 20 hrs/week",
        "between 10 and 20 hours per week",
        "ten to twenty hours per week",
        "a minimum of 10 hours per week and a maximum of 20 hours per week",
        "at least 20 hours per week",
        "20+ hours per week",
        "Employees above 30 hours per week have other benefits. You will work 20 hours per week.",
        "about 20 hours per week",
        "You must answer within 48 hours. You will work 20 hours per week.",
    ],
)
def test_hours_are_found_as_number_or_word(written):
    """R6"""
    assert Decimal(20) in numbers(written)


@pytest.mark.parametrize(
    "written",
    [
        "You will work part time.",
        "$20.00 per hour",
        "$20/hour, forty hours per week",
        "20-25 hours per week",
        "20 to 25 hours per week",
        "between twenty and twenty-five hours per week",
        "at least 20 and at most 25 hours per week",
        "minimum of 20 hours per week, maximum of 25 hours per week",
        "20 hours per month",
        "20 hours of training",
        "20 hours per day",
        "within 20 hours' notice, 25 hours per week",
        "You will work 25 hours per week. 20 vacation days.",
        "120 hours per week",
        "3.20 hours per week",
        "40 hours per week starting May 20",
        "weekly meetings on September 20",
        "office hours 9:20 to 17:20",
    ],
)
def test_the_maximum_of_a_range_counts_and_nothing_else_is_taken_for_hours_a_week(written):
    """R6, A14, case 31"""
    assert Decimal(20) not in numbers(written)


@pytest.mark.parametrize(
    "written", ["37.5 hours per week", "37½ hours a week", "thirty-seven and a half hours per week"]
)
def test_halves_are_read(written):
    assert numbers(written) == {Decimal("37.5")}


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("20 hours per week", True),
        ("twenty (20) hours per week", True),
        ("up to 20 hours per week", False),
        ("15-20 hours per week", False),
        ("20+ hours per week", False),
        ("approximately 20 hours per week", False),
    ],
)
def test_only_a_single_number_is_exact(written, exact):
    """Case 31"""
    assert [hours.exact for hours in _hours_in(written)] == [exact]


@given(st.integers(1, 60), st.sampled_from(["{} hours per week", "Hours per week: {}", "{}-hour week", "{} hrs/wk"]))
def test_every_number_is_read_back(number, form):
    assert numbers("You will be paid $24.00 per hour. " + form.format(number)) == {Decimal(number)}
