"""A value that the letter's words give to something else is missing, and the message quotes them (R4, R6-R10)."""

import pytest

from intake.letter import LetterText, Outcome, check_letter
from tests.letters.factory import form, typed

FACTS = {
    "job_title": "We are pleased to offer you the position of Robotics intern.",
    "hours_per_week": "You work 20 hours per week.",
    "start_date": "You start on September 14, 2026.",
    "end_date": "You end on December 11, 2026.",
    "location": "Your work site is 400 Dwight Street, Suite 5, Holyoke, MA 01040.",
    "compensation": "You are paid $24.00 per hour and get a transit pass.",
}
HEAD = "Baystate Robotics Inc.\n12 Main St, Springfield, MA 01103\n\nDear Aisha,\n\n"
DUTIES = "You test motor controllers, write Python tools for the laboratory and document the results.\n"


def finding(fact: str, sentence: str, *, beside: bool = False, **changed):
    """The outcome for a fact where the sentence stands in its place, or `beside` the one that states it."""
    said = [text for name, text in FACTS.items() if name != fact or beside]
    report = check_letter(LetterText.of(HEAD + DUTIES + "\n".join([*said, sentence])), typed(form(**changed)))
    return next(one for one in report.findings if one.fact == fact)


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ("start_date", "Please reply by September 14, 2026."),
        ("start_date", "September 14, 2026 is a company holiday."),
        ("start_date", "This offer expires on September 14, 2026."),
        ("end_date", "The picnic is on December 11, 2026."),
        ("end_date", "Your signed form is due December 11, 2026."),
        ("compensation", "You get a transit pass. Overtime is paid at $24.00 per hour."),
        ("compensation", "You get a transit pass. You will not be paid $24.00 per hour."),
        ("compensation", "You are paid $24.00 per hour. No transit pass is provided."),
        ("hours_per_week", "You have one lunch break and overtime beyond 20 hours per week."),
        ("location", "You will not work at 400 Dwight Street, Suite 5, Holyoke, MA 01040."),
        ("job_title", "You report to the Robotics intern."),
    ],
)
def test_a_value_that_stands_as_something_else_is_missing(fact: str, sentence: str):
    """R4, R6, R7, R8, R9, R10"""
    assert finding(fact, sentence).outcome is Outcome.MISSING


def test_hours_of_the_term_are_no_hours_of_a_week():
    """R6; more than a week has, and the message says so"""
    found = finding("hours_per_week", "You work 210 hours in total over fourteen weeks.", hours_per_week=210)

    assert found.outcome is Outcome.MISSING
    assert "more than a week has" in found.message


@pytest.mark.parametrize(
    ("fact", "sentence", "changed"),
    [
        ("hours_per_week", "Our engineers work 45 hours per week.", {"hours_per_week": 45}),
        ("compensation", "Our technicians get $31.00 per hour.", {"compensation": "$31.00 per hour"}),
        ("end_date", "The contract with the city ends on March 1, 2027.", {"end_date": "2027-03-01"}),
        ("job_title", "You sit beside Dana Okafor and the Robotics Lead.", {"job_title": "Robotics Lead"}),
    ],
)
def test_a_value_of_others_beside_the_students_own_is_flagged_or_missing(fact: str, sentence: str, changed):
    """R4, R6, R8, R10"""
    found = finding(fact, sentence, beside=True, **changed)

    assert found.outcome is Outcome.MISSING or found.doubt


@pytest.mark.parametrize("fact", FACTS)
def test_what_the_letter_plainly_states_raises_no_doubt(fact: str):
    """R4, R6, R7, R8, R9, R10; though others' hours, pay and dates stand beside it"""
    others = (
        "Our engineers work 45 hours per week. Please reply by August 1, 2026. Our technicians get $31.00 per hour."
    )

    assert (finding(fact, others, beside=True).outcome, finding(fact, others, beside=True).doubt) == (Outcome.FOUND, "")


@pytest.mark.parametrize("start", ["2026-06-01", "2026-01-06"])
def test_a_date_that_can_be_read_either_way_is_found_with_a_doubt(start: str):
    """R7"""
    found = finding("start_date", "You start on 01.06.2026.", start_date=start)

    assert found.outcome is Outcome.FOUND
    assert "either way" in found.doubt


def test_an_employer_that_is_called_works_proves_no_work_place():
    """R9"""
    place = {"street": "40 Pier Road", "city": "Salem", "region": "MA", "postal_code": "01970", "country": "US"}
    facts = form(employer="Granite Works", employer_address=place, work_locations=[place])
    said = [text for fact, text in FACTS.items() if fact != "location"]
    text = "Granite Works\n40 Pier Road, Salem, MA 01970\n\nDear Aisha,\n\n" + DUTIES + "\n".join(said)

    assert check_letter(LetterText.of(text), typed(facts)).facts(Outcome.MISSING) == ["location"]
