from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.letter.facts import TypedFacts
from intake.letter.pay import compensation_problem
from intake.letter.reading import Letter
from intake.letter.text import LetterText


def stated(letter, typed):
    return compensation_problem(Letter(LetterText.of(letter)), TypedFacts(compensation=typed)) is None


@pytest.mark.parametrize(
    "letter",
    [
        "$24.00 per hour",
        "$24 per hour",
        "$ 24.00 / hour",
        "$24/hr",
        "$24/h",
        "$24.00 an hour",
        "$24.00 for each hour",
        "$24.00 hourly",
        "24.00 USD per hour",
        "USD 24.00 per hour",
        "US$24 per hour",
        "24 dollars an hour",
        "twenty-four dollars per hour",
        "twenty-four (24) dollars per hour",
        "$24.00 (twenty-four dollars) per hour",
        "an hourly rate of $24.00",
        "Hourly wage: $24.00",
        "Hourly rate\n$24.00",
        "Compensation (per hour): $24.00",
        "$24.00\nper\nhour",
        "$24.00 gross per hour, paid biweekly",
        "24.00 per hour",
    ],
)
def test_an_hourly_rate_is_found_in_any_usual_writing(letter):
    """R10"""
    assert stated(f"Your pay will be {letter} while you work 20 hours per week.", "$24.00 per hour")


@pytest.mark.parametrize(
    "letter",
    [
        "You will be paid.",
        "$24.00",
        "$24.00 per day",
        "$24.00 per week",
        "$24.50 per hour",
        "$240 per hour",
        "$2,400 per hour",
        "€24.00 per hour",
        "24 hours per week",
        "$24.00 for 20 hours per week",
        "$24,000 per year",
        "a competitive hourly rate",
    ],
)
def test_another_amount_or_another_unit_is_not_the_typed_one(letter):
    """R10"""
    assert not stated(letter, "$24.00 per hour")


@pytest.mark.parametrize(
    ("letter", "typed"),
    [
        ("a salary of $52,000 per year", "$52,000 annually"),
        ("an annual salary of $52,000.00", "$52000 per year"),
        ("$52K per annum", "$52,000 per year"),
        ("a monthly stipend of $2,000", "$2,000 per month"),
        ("$2,000/mo", "2000 dollars monthly"),
        ("two thousand dollars per month", "$2,000 per month"),
        ("$1,000 every two weeks", "$1,000 biweekly"),
        ("a stipend of $5,000 for the summer", "stipend $5,000"),
        ("a one-time sign-on bonus of $1,000 and $30.00 per hour", "$30/hour, sign-on bonus $1,000"),
        ("€15 per hour", "15 EUR/hour"),
        ("$24 to $26 per hour", "$24-$26 per hour"),
        ("Hourly rate $24.00 Monthly stipend $500", "$24.00 per hour, $500 per month"),
        ("5% commission", "commission of 5 percent"),
        ("$24.00 per hour and a transit pass", "$24.00 per hour, transit pass"),
        ("$24.00 per hour. Transit passes are provided.", "$24.00 per hour plus transit pass"),
        ("$24.00 per hour", "$24.00 per hour, paid biweekly"),
        ("a competitive salary of $24 per hour", "competitive"),
    ],
)
def test_every_usual_way_of_paying_is_found(letter, typed):
    assert stated(letter, typed)


@pytest.mark.parametrize(
    ("letter", "typed"),
    [
        ("$24.00 per hour", "$24.00 per hour, transit pass"),
        ("$24.00 per hour; you must pass a background check", "$24.00 per hour, transit pass"),
        ("$30.00 per hour", "$30/hour, sign-on bonus $1,000"),
        ("$30.00 per hour and a bonus of $100", "$30/hour, sign-on bonus $1,000"),
        ("a competitive salary", "competitive"),
        ("housing", "$24.00 per hour, housing"),
    ],
)
def test_a_promise_that_the_letter_lacks_is_noticed(letter, typed):
    """R10: salary and related compensation"""
    assert not stated(letter, typed)


@given(
    value=st.decimals(Decimal(1), Decimal(99_999), places=2),
    form=st.sampled_from(["${:,} per {}", "USD {} per {}", "{:,} dollars a {}", "${}/{}", "${} for each {}"]),
    unit=st.sampled_from(["hour", "week", "month", "year"]),
)
def test_every_amount_is_read_back_with_its_unit(value, form, unit):
    letter = f"You will be paid {form.format(value, unit)}."

    assert stated(letter, f"${value:,} per {unit}")
    assert not stated(letter, f"${value + 1:,} per {unit}")
    assert not stated(letter, f"${value:,} per semester")
