"""What SPIRE's record of a student says about the rules beyond the page."""

from datetime import date
from typing import Any

import pytest

from cpt.contracts.values import Facts, StudentProfile
from enrollment_sync.profile_flags import profile_flags
from tests.unit.enrollment.make import CALENDAR

TODAY = date(2026, 9, 1)
FALL_TRAINING = {"start_date": date(2026, 9, 14), "end_date": date(2026, 12, 11)}
_PROFILE = StudentProfile(
    name="Ana Lima",
    email=None,
    acad_career="GRAD",
    level="masters",
    program="Computer Science",
    program_end_date=date(2027, 8, 1),
    admit_until=None,
    sevis_id=None,
    english_language_program=False,
    degree_completed_on=None,
    prior_fulltime_terms=2,
    fulltime_cpt_days=0,
)


def flagged(training: dict[str, Any] = FALL_TRAINING, **record: Any) -> list[str]:
    facts = Facts(facts_version=1, emplid="30012345", route="credit", coop=None, **training)
    return [flag.code for flag in profile_flags(facts, _PROFILE.model_copy(update=record), CALENDAR, TODAY)]


def test_a_record_that_meets_every_rule_raises_no_flag() -> None:
    """X1 to X10: nothing that is always there is looked at."""
    assert flagged() == []


@pytest.mark.parametrize(("terms", "codes"), [(0, ["x1_one_academic_year"]), (1, ["x1_one_academic_year"]), (2, [])])
def test_less_than_an_academic_year_before_is_flagged(terms: int, codes: list[str]) -> None:
    """X1: two full-time terms come first, or a waiver that only a person knows of."""
    assert flagged(prior_fulltime_terms=terms) == codes


@pytest.mark.parametrize(("last", "found"), [(date(2026, 12, 10), True), (date(2026, 12, 11), False)])
@pytest.mark.parametrize("limit", ["program_end_date", "admit_until"])
def test_a_training_that_outlasts_the_program_or_the_admission_is_flagged(limit: str, last: date, found: bool) -> None:
    """X2: the last day itself is within."""
    assert ("x2_after_program_end" in flagged(**{limit: last})) is found


@pytest.mark.parametrize(
    ("program_end", "found"),
    [
        (date(2026, 12, 23), True),  # the last day of fall
        (date(2026, 12, 26), True),  # in the break behind it
        (date(2026, 12, 31), True),  # winter has begun, and no degree is finished in it
        (date(2027, 1, 31), False),  # winter came to its end first
        (date(2027, 5, 31), False),
        (date(2029, 5, 31), False),  # the calendar does not reach so far: nothing is guessed
    ],
)
def test_a_training_that_begins_within_the_final_term_is_flagged(program_end: date, found: bool) -> None:
    """X3: the I-20 often names a day in the break after the final term."""
    assert ("x3_final_term" in flagged(program_end_date=program_end)) is found


def test_a_training_that_begins_with_the_final_term_is_before_its_add_drop_date() -> None:
    """X3."""
    begins = {"start_date": date(2026, 9, 8), "end_date": date(2026, 12, 11)}

    assert flagged(begins, program_end_date=date(2026, 12, 23)) == []


@pytest.mark.parametrize(("days", "codes"), [(269, []), (270, ["x7_full_time_cpt_days"])])
def test_nine_months_of_full_time_are_flagged(days: int, codes: list[str]) -> None:
    """X7."""
    assert flagged(fulltime_cpt_days=days) == codes


@pytest.mark.parametrize(
    ("completed", "codes"),
    [(date(2026, 8, 31), ["x8_degree_completed"]), (TODAY, ["x8_degree_completed"]), (date(2026, 9, 2), [])],
)
def test_a_degree_that_is_completed_is_flagged(completed: date, codes: list[str]) -> None:
    """X8: from the day of its completion."""
    assert flagged(degree_completed_on=completed) == codes


def test_a_student_of_an_english_language_program_is_flagged() -> None:
    """X10."""
    assert flagged(english_language_program=True) == ["x10_english_language_program"]
