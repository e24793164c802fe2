"""What the person answered whom a student says to have consulted stands on the case, and no answer decides anything (R20)."""

from datetime import timedelta

import pytest

from cpt.contracts.intake import ConsultationAnswered, ConsultationAsked
from cpt.contracts.values import Recipient
from tests.component.review.acts import assigned, flags, issued, view
from tests.factories import NOW


def asked(question="c1", *, at=NOW, **fields):
    person = Recipient(name="Prof. Ann Bell", email="bell@umass.example")
    given = dict(student_name="Ana Lima", employer="Baystate", consulted_on=None, expires_at=NOW + timedelta(days=14))
    return ConsultationAsked(
        request_id="r1", round=1, consultation_id=question, recipient=person, at=at, **(given | fields)
    )


def answered(answer, question="c1", at=NOW):
    return ConsultationAnswered(
        request_id="r1", round=1, consultation_id=question, name="Prof. Ann Bell", answer=answer, comment="So.", at=at
    )


@pytest.mark.parametrize(("answer", "flagged"), [("confirmed", False), ("not_held", True)])
async def test_the_answer_stands_on_the_case_and_a_no_is_a_flag(review, answer, flagged):
    """R20: for the DSO, who decides."""
    await review.hear(asked())
    await assigned(review)
    assert (await view(review))["consultation"]["answer"] is None
    await review.hear(answered(answer), asked(reminder=True))

    assert (await view(review))["consultation"]["answer"] == answer
    assert ("consultation_not_held" in await flags(review)) is flagged


async def test_only_the_last_question_counts(review):
    """R20: in whatever order it is told."""
    later = NOW + timedelta(hours=1)
    await review.hear(asked("c2", at=later), asked("c1"), answered("not_held", "c1", later))
    await assigned(review)

    assert (await view(review))["consultation"]["answer"] is None


async def test_a_no_after_the_i20_is_a_task(review):
    """Nothing after issuance goes where nobody looks."""
    await issued(review)
    await review.hear(asked(), answered("not_held"))

    assert await review.tasks() == ["consultation_not_held"]
