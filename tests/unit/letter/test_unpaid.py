"""What counts as saying that there is no pay, and what does not."""

import pytest

from intake.letter import LetterText, Outcome, TypedFacts, check_letter, says_unpaid


@pytest.mark.parametrize(
    "text",
    [
        "Unpaid",
        "UN-PAID",
        "Non-paid position",
        "Salary: unpaid",
        "This is an unpaid internship for academic credit.",
        "You will not be paid",
        "This internship isn't paid.",
        "No pay",
        "no pay or other compensation",
        "No salary or stipend",
        "Without compensation",
        "Volunteer",
        "volunteer without pay",
        "None",
        "Unpaid (course credit only)",
        "Unpaid, 20 hours per week",
        "Unpaid; travel costs reimbursed",
        "Unpaid, unpaid lunch break",
        "$0 per hour, unpaid",
    ],
)
def test_these_words_say_that_there_is_no_pay(text):
    """R13, case 32."""
    assert says_unpaid(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "paid",
        "not unpaid",
        "$24.00 per hour, transit pass",
        "$24/hour, unpaid leave",
        "twenty dollars per hour, unpaid",
        "2 unpaid weeks, then $20 an hour",
        "unpaid lunch break",
        "Hourly wage, unpaid lunch break",
        "Salary according to the collective agreement; unpaid breaks",
        "Competitive salary; volunteer days",
        "No pay for holidays",
        "Stipend",
        "Unpaid, stipend of the college",
        "Unpaid internship with a stipend",
        "Unpaid except for a stipend",
        "No salary, stipend only",
        "No salary, only a scholarship",
        "No salary but a fellowship",
        "Volunteer stipend",
        "Housing and meals, unpaid",
        "Course credit",
        "N/A",
    ],
)
def test_these_words_leave_a_doubt_that_counts_as_paid(text):
    """Case 32: a stipend or scholarship alone is pay; a machine that doubts leaves it to a person."""
    assert not says_unpaid(text)


def test_a_letter_that_says_unpaid_does_not_state_the_pay_that_was_typed():
    """R10, case 32: the student says in the form which of the two is right."""
    letter = LetterText.of("Acme Corp\nDear Li,\nThis is an unpaid position. You get a transit pass.\nSincerely")

    (finding,) = check_letter(letter, TypedFacts(compensation="transit pass")).missing

    assert (finding.fact, finding.outcome) == ("compensation", Outcome.MISSING)
    assert "unpaid" in finding.message
