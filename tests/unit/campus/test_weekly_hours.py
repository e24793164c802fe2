from decimal import Decimal

import pytest

from cpt.campus.hours import Hours, weekly_hours, work_time


@pytest.mark.parametrize(
    ("hours", "time"), [("10", "part_time"), ("20", "part_time"), ("20.25", "full_time"), ("40", "full_time")]
)
def test_more_than_twenty_hours_is_full_time(hours: str, time: str) -> None:
    """A14."""
    assert work_time(Decimal(hours)) == time


def test_exactly_twenty_hours_is_part_time_and_flagged() -> None:
    """A14: the University's own FAQ counts it as full-time."""
    assert weekly_hours(Decimal(20)) == Hours(Decimal(20), "part_time", ("hours_exactly_twenty",))


def test_an_exact_number_other_than_twenty_has_no_flag() -> None:
    """A14."""
    assert weekly_hours(Decimal("19.5")).flags == ()


def test_the_upper_end_of_a_range_decides_and_is_flagged() -> None:
    """A14, case 31: "20-25" is full-time."""
    assert weekly_hours(Decimal(20), at_most=Decimal(25)) == Hours(Decimal(25), "full_time", ("hours_range",))


def test_a_range_up_to_twenty_carries_both_flags() -> None:
    """A14, case 31."""
    assert weekly_hours(Decimal(15), at_most=Decimal(20)).flags == ("hours_exactly_twenty", "hours_range")


@pytest.mark.parametrize("hours", ["0", "-5"])
def test_no_hours_are_no_training(hours: str) -> None:
    """R6."""
    with pytest.raises(ValueError, match="above zero"):
        weekly_hours(Decimal(hours))
