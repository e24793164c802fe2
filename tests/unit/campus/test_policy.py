"""Where the office may read its page otherwise: both values of each setting, in the rules that are given it."""

from datetime import date
from decimal import Decimal

import pytest

from cpt.campus.authorization import Segment
from cpt.campus.calendar import illustrative_calendar
from cpt.campus.hours import weekly_hours
from cpt.campus.limits import AuthorizationLimits
from cpt.campus.policy import OfficePolicy
from cpt.campus.segments import authorized_segments, outside_terms

CALENDAR = illustrative_calendar()
FALL = date(2026, 9, 14), date(2026, 12, 11)
WHOLE = OfficePolicy(dates="whole_term")
BRIDGED = (Segment("1265", date(2026, 8, 1), date(2026, 9, 7)), Segment("1267", date(2026, 9, 8), date(2026, 12, 11)))


@pytest.mark.parametrize("time", ["part_time", "full_time"])
def test_the_office_sets_what_exactly_twenty_hours_are_and_nothing_else(time):
    """A14: flagged in either case."""
    assert (weekly_hours(Decimal(20), twenty=time).time, weekly_hours(Decimal(20), twenty=time).flags) == (
        time,
        ("hours_exactly_twenty",),
    )
    assert weekly_hours(Decimal("19.5"), twenty=time).time == "part_time"
    assert weekly_hours(Decimal("20.5"), twenty=time).time == "full_time"


@pytest.mark.parametrize(
    ("policy", "days"),
    [(OfficePolicy(), FALL), (WHOLE, (date(2026, 9, 8), date(2026, 12, 23)))],
)
def test_an_i20_names_the_training_or_the_whole_term(policy, days):
    """A8."""
    found = authorized_segments(*FALL, CALENDAR, policy=policy)

    assert (found.start_date, found.end_date) == days


def test_a_whole_term_keeps_to_the_start_that_the_office_set_and_the_end_that_stands():
    """A8, R49, X6: no policy gives back what a person cut off."""
    limits = AuthorizationLimits(set_start=date(2026, 9, 21), set_end=date(2026, 11, 30))

    found = authorized_segments(date(2026, 9, 21), date(2026, 11, 30), CALENDAR, limits, policy=WHOLE)

    assert (found.start_date, found.end_date) == (date(2026, 9, 21), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("policy", "outside"), [(OfficePolicy(), BRIDGED[:1]), (OfficePolicy(term_break="bridge"), ())]
)
def test_a_bridged_segment_is_carried_by_the_calendar_where_breaks_are_bridged(policy, outside):
    """A9, case 26: else a revision of its term would never be looked at."""
    assert outside_terms(BRIDGED, CALENDAR, policy) == outside
