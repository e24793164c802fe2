"""Days that nobody wrote down: borders of terms, holidays on Saturdays, midnight, clock changes, closures."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cpt.campus.authorization import CoopContract
from cpt.campus.business_days import due_on, is_business_day
from cpt.campus.calendar import illustrative_calendar
from cpt.campus.clock import eastern_date
from cpt.campus.hours import weekly_hours
from cpt.campus.limits import AuthorizationLimits
from cpt.campus.segments import authorized_segments

CALENDAR = illustrative_calendar()
EASTERN = ZoneInfo("America/New_York")
D = date.fromisoformat


def received(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-09-11 23:59:59", "2026-09-18"),  # Friday, a second before midnight in Amherst, Saturday in UTC
        ("2026-09-12 00:00:00", "2026-09-18"),  # Saturday: Monday is day one
        ("2026-09-13 23:59:00", "2026-09-18"),  # Sunday
        ("2026-09-14 00:00:00", "2026-09-21"),  # Monday itself does not count
        ("2026-12-31 23:30:00", "2027-01-08"),  # the new year has begun in UTC
        ("2026-07-02 12:00:00", "2026-07-09"),  # July 4 is a Saturday: Friday, July 3, is worked
        ("2027-06-17 12:00:00", "2027-06-24"),  # Juneteenth on a Saturday
        ("2027-12-23 12:00:00", "2027-12-30"),  # Christmas on a Saturday
        ("2027-04-16 12:00:00", "2027-04-26"),  # Patriots' Day
        ("2026-10-31 23:59:00", "2026-11-06"),  # the night in which the clocks go back
        ("2026-11-01 01:30:00", "2026-11-06"),  # an hour that comes twice
        ("2027-03-14 23:59:00", "2027-03-19"),  # the day on which they go forward
        ("2026-11-25 12:00:00", "2026-12-03"),  # Thanksgiving closes the office on Thursday only
    ],
)
def test_the_due_day_follows_the_calendar_of_amherst(moment: str, due: str) -> None:
    """A7, R50, case 27."""
    assert due_on(received(moment)) == D(due)


def test_the_hour_that_comes_twice_is_one_day() -> None:
    """Case 27: both of them are November 1."""
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert eastern_date(first) == eastern_date(second) == D("2026-11-01")


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        ({"2026-09-15"}, "2026-09-22"),  # within the five days
        ({"2026-09-14"}, "2026-09-21"),  # the day of receipt, which did not count
        ({"2026-09-12"}, "2026-09-21"),  # a Saturday was never counted
        ({"2026-09-21"}, "2026-09-22"),  # the due day itself
        ({"2026-09-15", "2026-09-16", "2026-09-17", "2026-09-18", "2026-09-21"}, "2026-09-28"),
    ],
)
def test_a_closing_day_moves_the_due_day_only_where_it_would_have_counted(closed: set[str], due: str) -> None:
    """A7, case 41."""
    assert due_on(received("2026-09-14 10:00:00"), {D(day) for day in closed}) == D(due)


@pytest.mark.parametrize("day", ["2027-03-17", "2027-06-17", "2026-11-27", "2026-12-24", "2026-10-30"])
def test_days_that_look_like_holidays_are_worked(day: str) -> None:
    """A7: Evacuation and Bunker Hill Day are Suffolk County's, the day after Thanksgiving and Christmas Eve nobody's."""
    assert is_business_day(D(day))


@pytest.mark.parametrize(
    ("start", "end", "spans"),
    [
        ("2026-08-21", "2026-09-08", [("2026-08-21", "2026-08-21"), ("2026-09-08", "2026-09-08")]),
        ("2026-12-23", "2026-12-28", [("2026-12-23", "2026-12-23"), ("2026-12-28", "2026-12-28")]),
        ("2026-08-22", "2026-09-08", [("2026-09-08", "2026-09-08")]),
        ("2026-05-11", "2026-08-28", [("2026-05-11", "2026-05-14"), ("2026-05-18", "2026-08-21")]),
    ],
)
def test_a_training_that_touches_a_term_on_one_day_is_authorized_on_that_day(
    start: str, end: str, spans: list[tuple[str, str]]
) -> None:
    """A8, A9, R58."""
    found = authorized_segments(D(start), D(end), CALENDAR)

    assert [(s.start_date.isoformat(), s.end_date.isoformat()) for s in found.segments] == spans


@pytest.mark.parametrize(
    ("issued", "spans"),
    [
        ("2026-08-21", [("2026-08-21", "2026-08-21"), ("2026-09-08", "2026-10-30")]),
        ("2026-08-25", [("2026-09-08", "2026-10-30")]),  # in the break: summer is lost, and nothing begins before fall
        ("2026-10-30", [("2026-10-30", "2026-10-30")]),  # the last day of the training
    ],
)
def test_the_day_of_issue_cuts_whole_terms_away(issued: str, spans: list[tuple[str, str]]) -> None:
    """A16, R54."""
    found = authorized_segments(D("2026-08-01"), D("2026-10-30"), CALENDAR, AuthorizationLimits(issued_on=D(issued)))

    assert [(s.start_date.isoformat(), s.end_date.isoformat()) for s in found.segments] == spans


def test_a_program_that_ends_in_a_break_cuts_the_term_behind_it() -> None:
    """X2, R58."""
    found = authorized_segments(
        D("2026-08-01"), D("2026-10-30"), CALENDAR, AuthorizationLimits(program_end=D("2026-08-31"))
    )

    assert [(s.strm, s.end_date) for s in found.segments] == [("1265", D("2026-08-21"))]


def test_a_coop_over_the_break_that_is_issued_in_the_break_runs_from_that_day() -> None:
    """R59, A16: its contract's days are not cut to terms."""
    contract = CoopContract(D("2026-06-01"), D("2026-12-18"))
    found = authorized_segments(
        D("2026-06-01"), D("2026-12-18"), CALENDAR, AuthorizationLimits(issued_on=D("2026-08-25")), contract=contract
    )

    assert [(s.start_date, s.end_date) for s in found.segments] == [(D("2026-08-25"), D("2026-12-18"))]


@pytest.mark.parametrize(
    ("low", "high", "time", "flags"),
    [
        ("20", None, "part_time", ("hours_exactly_twenty",)),
        ("20.00", None, "part_time", ("hours_exactly_twenty",)),
        ("20.01", None, "full_time", ()),
        ("19.99", None, "part_time", ()),
        ("20", "20", "part_time", ("hours_exactly_twenty",)),
        ("20", "25", "full_time", ("hours_range",)),
        ("10", "20", "part_time", ("hours_exactly_twenty", "hours_range")),
        ("25", "15", "full_time", ("hours_range",)),  # a range written the wrong way round
    ],
)
def test_around_twenty_hours(low: str, high: str | None, time: str, flags: tuple[str, ...]) -> None:
    """A14."""
    found = weekly_hours(Decimal(low), at_most=Decimal(high) if high else None)

    assert (found.time, found.flags) == (time, flags)
