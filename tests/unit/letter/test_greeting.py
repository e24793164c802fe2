"""Whom the letter greets (A30)."""

import pytest

from intake.letter import LetterText, TypedFacts, check_letter

LETTER = "Acme Corp\n1 Elm St, Boston, MA 02110\n\n{greeting}\nWe offer you an internship.\n\nSincerely,\nM. Ito"


def greets_another(greeting: str, student: str) -> bool:
    report = check_letter(LetterText.of(LETTER.format(greeting=greeting)), TypedFacts(student=student))
    return any(flag.code == "letter_other_person" for flag in report.flags)


@pytest.mark.parametrize("greeting", ["Dear Ada Obi,", "Dear Ms. Obi:", "Hi Ada!", "Hello Prof. Obi,"])
def test_a_letter_to_another_person_is_flagged(greeting):
    """A30"""
    assert greets_another(greeting, "Wei Zhang")


@pytest.mark.parametrize(
    "greeting",
    [
        "Dear Wei,",
        "Dear Mr. Zhang:",
        "Dear Candidate,",
        "To Whom It May Concern:",
        "Dear Sir or Madam,",
        "Good day,",
        "Dear Ada,\nabout Wei Zhang:",
    ],
)
def test_a_letter_that_names_the_student_or_nobody_is_not(greeting):
    """A30"""
    assert not greets_another(greeting, "Wei Zhang")


def test_a_short_name_and_an_unknown_student_are_not_somebody_else():
    """A30"""
    assert not greets_another("Dear Dan,", "Daniel Osei")
    assert not greets_another("Dear Dan,", "")
