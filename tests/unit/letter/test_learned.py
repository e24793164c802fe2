"""Phrases of letters by strangers that the matcher had misread."""

from datetime import date
from decimal import Decimal

import pytest

from intake.letter import LetterText, Outcome, TypedFacts, check_letter

DAY = date(2026, 9, 14)


def missing(sentence: str, **facts) -> list[str]:
    letter = LetterText.of(
        f"Acme Corp\n1 Elm St, Boston, MA 02110\n\nDear Li,\nHere is our offer. {sentence}\nSincerely"
    )
    return check_letter(letter, TypedFacts(**facts)).facts(Outcome.MISSING)


@pytest.mark.parametrize(
    "sentence",
    [
        "Number of hours you will work per week: 20",
        "Last day 12/11/26 Hours per week: 20 Pay: $24",
        "Ends 12/18/2026 Weekly hours 20",
        "Ends 12/18/2026 STANDARD HOURS 20 per week",
        "You work 20 weekly hours.",
    ],
)
def test_hours_are_found_after_a_date_and_under_any_label(sentence):
    """R6"""
    assert missing(sentence, hours_per_week=Decimal(20)) == []


def test_hours_in_all_are_no_hours_a_week():
    """R6"""
    assert missing("The project takes a total of 20 hours.", hours_per_week=Decimal(20)) == ["hours_per_week"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Start: September 14, 2026 Estimated hours: 20",
        "from September 14, 2026, approximately 12 weeks",
        "Start: September 14, 2026 tentative weekly schedule: Mondays",
    ],
)
def test_what_is_approximate_may_be_the_next_fact_and_not_the_date(sentence):
    """R7, case 30"""
    assert missing(sentence, start_date=DAY) == []


@pytest.mark.parametrize("sentence", ["September 14, 2026 (estimated)", "September 14, 2026 is approximate"])
def test_a_date_that_is_called_approximate_stays_inexact(sentence):
    """R7, R8, case 30"""
    assert missing(sentence, start_date=DAY) == ["start_date"]
    assert missing(sentence, end_date=DAY) == ["end_date"]


@pytest.mark.parametrize("sentence", ["Hourly rate: 24.00", "$24.00 per working hour", "Pay: $24.00 Per: Hour"])
def test_pay_is_found_under_the_labels_of_a_payroll_system(sentence):
    """R10"""
    assert missing(sentence, compensation="$24 per hour") == []


def test_pay_typed_in_words_is_the_amount_in_digits():
    """R10"""
    assert missing("We pay $1,500 per month.", compensation="fifteen hundred dollars per month") == []
