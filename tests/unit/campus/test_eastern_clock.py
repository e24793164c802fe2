from datetime import UTC, date, datetime, timedelta

import pytest

from cpt.campus.clock import EASTERN, eastern_date, in_words, position

FIRST, LAST = date(2026, 9, 14), date(2026, 12, 11)


def test_half_past_eleven_on_new_years_eve_is_still_the_old_year() -> None:
    """Case 27: the next day, and the next year, in UTC."""
    assert eastern_date(datetime(2027, 1, 1, 4, 30, tzinfo=UTC)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 3, 9, 3, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 4, 0, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 5, 0, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_midnight_follows_the_change_to_and_from_daylight_saving_time(moment: datetime, local: date) -> None:
    """Case 27: the offset is four hours in summer and five in winter."""
    assert eastern_date(moment) == local


def test_the_repeated_hour_in_november_stays_one_day() -> None:
    """Case 27: 01:30 happens twice."""
    early = datetime(2026, 11, 1, 1, 30, tzinfo=EASTERN)

    assert eastern_date(early) == eastern_date(early.replace(fold=1)) == date(2026, 11, 1)


def test_a_moment_without_a_time_zone_has_no_local_date() -> None:
    """Case 27: nothing is guessed."""
    with pytest.raises(ValueError, match="time zone"):
        eastern_date(datetime(2026, 9, 14, 9, 0))  # noqa: DTZ001  # the fault under test


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (FIRST - timedelta(days=1), "not_started"),
        (FIRST, "running"),
        (LAST - timedelta(days=1), "running"),
        (LAST, "running"),
        (LAST + timedelta(days=1), "ended"),
    ],
)
def test_a_training_runs_from_its_first_to_its_last_day(on: date, expected: str) -> None:
    """A15, cases 53 and 54: judged at the effective date."""
    assert position(FIRST, LAST, on) == expected


def test_a_day_is_written_the_american_way() -> None:
    """R63: students read it."""
    assert in_words(date(2026, 9, 8)) == "September 8, 2026"
