"""The office's policy in what review shows, decides and writes."""

from datetime import UTC, date, datetime

import pytest

from cpt.campus.policy import IN_FORCE, OfficePolicy
from cpt.contracts.review import I20Issued
from review.domain import Refused
from tests.component.review.acts import approved, assigned, issued, view
from tests.factories import a_form, a_student, completed, facts

OVER_THE_BREAK = facts(start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))


@pytest.fixture
def policy():
    tokens = []

    def set_to(**values):
        tokens.append(IN_FORCE.set(OfficePolicy(**values)))

    yield set_to
    IN_FORCE.set(OfficePolicy())


async def spans(review):
    return [(str(one["start_date"]), str(one["end_date"])) for one in (await view(review))["segments"]]


@pytest.mark.parametrize(
    ("dates", "span"), [("intersection", ("2026-09-14", "2026-12-11")), ("whole_term", ("2026-09-08", "2026-12-23"))]
)
async def test_the_case_and_the_i20_name_the_training_or_the_whole_term(review, policy, dates, span):
    """A8."""
    policy(dates=dates)
    await assigned(review)
    assert await spans(review) == [span]


@pytest.mark.parametrize("dates", ["intersection", "whole_term"])
async def test_training_that_is_over_is_not_authorized_for_the_rest_of_a_whole_term(review, policy, dates):
    """A8, A27."""
    policy(dates=dates)
    review.now = datetime(2026, 12, 15, 15, tzinfo=UTC)
    with pytest.raises(Refused, match="training that is over"):
        await approved(review)


async def test_the_end_of_the_program_cuts_a_whole_term_and_forbids_nothing(review, policy):
    """A8, X2, case 69: the training itself ends before it."""
    policy(dates="whole_term")
    student = a_student(program_end_date=date(2026, 12, 15))
    await issued(review, answer={"student": student})
    (event,) = (envelope.event for envelope in await review.published(I20Issued))
    assert str(event.segments[-1].end_date) == "2026-12-15"


@pytest.mark.parametrize(("term_break", "ends", "gaps"), [("none", "2026-08-21", 1), ("bridge", "2026-09-07", 0)])
async def test_a_break_between_two_terms_is_a_gap_or_authorized(review, policy, term_break, ends, gaps):
    """A9."""
    policy(term_break=term_break)
    await assigned(review, facts=OVER_THE_BREAK)
    assert (await spans(review))[0] == ("2026-08-03", ends)
    assert len((await view(review))["gaps"]) == gaps


@pytest.mark.parametrize("time", ["part_time", "full_time"])
async def test_exactly_twenty_hours_are_what_the_office_sets_and_are_flagged(review, policy, time):
    """A14."""
    policy(twenty_hours=time)
    await review.hear(completed(form=a_form(hours_per_week=20)))
    case = await view(review)
    assert (case["hours"]["time"], "hours_exactly_twenty" in {flag["code"] for flag in case["flags"]}) == (time, True)
