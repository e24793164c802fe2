"""What a DSO is shown and never refused: two jobs, the same form twice, the contract, the address (A29, A30)."""

from datetime import date
from decimal import Decimal

import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.values import Address, CoopContract
from review.cases.flags_across_cases import Job, hours_together
from review.cases.show_data_sheet import show_data_sheet
from tests.component.review.acts import approved, flags, issued
from tests.factories import ADVISER, HOME, a_form, checked, completed, facts

ELSEWHERE = Address(street="P.O. Box 12", city="Boston", region="MA", postal_code="02101")
ABROAD = Address(street="1 Rue Verte", city="Lyon", region="ARA", postal_code="69001", country="FR")
SITE = Address(street="9 River St", city="Holyoke", region="MA", postal_code="01040")


def other_job(hours=18):
    return a_form(employer="Holyoke Labs LLC", hours_per_week=Decimal(hours))


async def test_two_jobs_of_eighteen_hours_are_flagged_on_the_second(review):
    """Case 87, A30: issued, or only asked for before it."""
    await review.hear(checked("r1"), completed("r1", 1, form=a_form(hours_per_week=Decimal(18))))
    await review.hear(checked("r2"), completed("r2", 2, form=other_job()))

    assert "hours_together_over_twenty" not in await flags(review, "r1")
    assert (await flags(review, "r2"))["hours_together_over_twenty"].startswith(
        "Together with CPT-2026-000001 (18 hours) it is 36 hours"
    )


async def test_a_second_job_beside_an_issued_one_is_flagged(review):
    """Case 87."""
    await issued(review, form=a_form(hours_per_week=Decimal(18)))
    await review.hear(checked("r2"), completed("r2", 2, form=other_job()))

    assert "hours_together_over_twenty" in await flags(review, "r2")


@pytest.mark.parametrize(
    ("hours", "days", "flagged"),
    [
        (5, (date(2026, 9, 14), date(2026, 12, 11)), False),
        (6, (date(2026, 9, 14), date(2026, 12, 11)), True),
        (18, (date(2026, 6, 1), date(2026, 8, 14)), False),
        (18, (date(2026, 6, 1), date(2026, 9, 14)), True),
        (18, (date(2026, 12, 12), date(2026, 12, 23)), False),
    ],
)
def test_only_hours_of_the_same_days_in_fall_or_spring_add_up(hours, days, flagged):
    """A30: exactly twenty is no flag, summer has none, and days that do not meet do not add up."""
    own = Job("own", Decimal(15), [(date(2026, 9, 8), date(2026, 12, 11))])

    assert bool(list(hours_together(own, [Job("x", Decimal(hours), [days])], illustrative_calendar()))) == flagged


async def test_the_same_form_twice_is_flagged_on_both(review):
    """Case 86, A30: the employer by its name, whatever its spelling, and the same days."""
    await review.hear(checked("r1"), completed("r1", 1), checked("r2"))
    await review.hear(completed("r2", 2, form=a_form(employer="BAYSTATE ROBOTICS")))

    found = [(await flags(review, request_id))["duplicate_request"] for request_id in ("r1", "r2")]
    assert [message[:15] for message in found] == ["CPT-2026-000002", "CPT-2026-000001"]


async def test_a_contract_longer_than_the_offer_is_flagged(review):
    """A30."""
    longer = CoopContract(agreement_id="HS-1", start_date=date(2026, 9, 14), end_date=date(2027, 3, 1))
    await review.hear(checked(), completed(facts=facts(route="coop", coop=longer)))

    assert "March 1, 2027" in (await flags(review))["contract_beyond_offer"]


@pytest.mark.parametrize("place", [ELSEWHERE, ABROAD])
async def test_a_work_place_that_sevis_does_not_take_is_flagged(review, place):
    """A29: abroad or a PO box; the letterhead may be either."""
    await review.hear(checked(), completed(form=a_form(work_locations=(place,))))
    await review.hear(checked("r2"), completed("r2", 2, form=a_form(employer="Other", employer_address=place)))

    assert ("sevis_address" in await flags(review), "sevis_address" in await flags(review, "r2")) == (True, False)


@pytest.mark.parametrize("country", ["US", "usa", "United States", ""])
async def test_a_work_place_here_is_not_flagged_however_the_country_is_written(review, country):
    """A29: one judgment of a place, the batch's."""
    await review.hear(checked(), completed(form=a_form(work_locations=(SITE.model_copy(update={"country": country}),))))

    assert "sevis_address" not in await flags(review)


async def test_the_address_for_sevis_is_the_work_place_and_the_letterhead_stands_beside_it(review):
    """A29, R57: street, city, state and ZIP apart."""
    await approved(review, form=a_form(work_locations=(SITE,)))
    async with review.act() as connection:
        sheet = await show_data_sheet(connection, "r1", ADVISER, review.now)

    assert sheet["employer_address"] == SITE.model_dump()
    assert sheet["letterhead_address"] == HOME.model_dump()
