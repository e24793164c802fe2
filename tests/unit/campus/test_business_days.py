from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpt.campus.business_days import add_business_days, due_on, is_business_day
from cpt.campus.clock import EASTERN

unhurried = settings(deadline=None)  # a busy machine breaks no rule

# Reviewed by hand: a Sunday holiday moves to Monday, a Saturday one stays and frees no other day.
HOLIDAYS = {
    2025: "01-01 01-20 02-17 04-21 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 04-20 05-25 06-19 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 04-19 05-31 07-05 09-06 10-11 11-11 11-25",
    2028: "01-17 02-21 04-17 05-29 06-19 07-04 09-04 10-09 11-23 12-25",
    2029: "01-01 01-15 02-19 04-16 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25",
    2030: "01-01 01-21 02-18 04-15 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_weekdays_off_are_the_reviewed_massachusetts_holidays(year: int) -> None:
    """docs/rules.md: Patriots' Day in, Evacuation Day and Bunker Hill out."""
    days = (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not is_business_day(day)]

    assert off == HOLIDAYS[year].split()


@pytest.mark.parametrize("day", [date(2026, 7, 3), date(2027, 6, 18), date(2027, 12, 24), date(2026, 11, 27)])
def test_the_friday_before_a_saturday_holiday_and_after_thanksgiving_is_a_business_day(day: date) -> None:
    """docs/rules.md: unlike the federal calendar; academic breaks close no office."""
    assert is_business_day(day)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-06-15", "2026-06-23"),
        ("2026-04-15", "2026-04-23"),
        ("2026-11-20", "2026-11-30"),
        ("2027-06-14", "2027-06-21"),
        ("2027-12-20", "2027-12-27"),
        ("2027-06-29", "2027-07-07"),
    ],
)
def test_the_fifth_business_day_after_the_day_of_receipt_is_due(received: str, due: str) -> None:
    """R50, A7: the worked dates of docs/rules.md"""
    noon = datetime.fromisoformat(f"{received}T12:00").replace(tzinfo=EASTERN)

    assert due_on(noon) == date.fromisoformat(due)


def test_monday_is_day_one_of_a_saturday_receipt() -> None:
    """A7."""
    assert due_on(datetime(2026, 9, 19, 12, tzinfo=EASTERN)) == date(2026, 9, 25)


def test_the_local_day_of_receipt_counts_not_the_one_in_utc() -> None:
    """A7, case 27: 23:30 on Monday in Amherst is Tuesday in UTC."""
    assert due_on(datetime(2026, 9, 15, 3, 30, tzinfo=ZoneInfo("UTC"))) == date(2026, 9, 21)


def test_a_snow_day_entered_later_moves_an_open_due_date_by_one() -> None:
    """Case 41."""
    received = datetime(2026, 1, 26, 9, tzinfo=EASTERN)

    assert due_on(received) == date(2026, 2, 2)
    assert due_on(received, {date(2026, 1, 28)}) == date(2026, 2, 3)


def test_a_closure_on_a_weekend_moves_nothing() -> None:
    """Case 41: it was no business day before."""
    received = datetime(2026, 1, 26, 9, tzinfo=EASTERN)

    assert due_on(received, {date(2026, 1, 31)}) == due_on(received)


def test_business_days_are_not_counted_backwards() -> None:
    """A7."""
    with pytest.raises(ValueError, match="forward"):
        add_business_days(date(2026, 9, 15), 0)


@unhurried
@given(st.dates(date(2025, 1, 1), date(2030, 12, 1)), st.integers(1, 15), st.sets(st.dates(), max_size=3))
def test_exactly_the_counted_business_days_lie_after_the_first_day(first: date, count: int, closed: set[date]) -> None:
    """A7: the day of receipt is excluded, the due day is the last one counted."""
    due = add_business_days(first, count, closed)
    days = (date.fromordinal(n) for n in range(first.toordinal() + 1, due.toordinal() + 1))

    assert sum(is_business_day(day, closed) for day in days) == count
    assert is_business_day(due, closed)
