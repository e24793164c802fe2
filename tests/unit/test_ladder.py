"""The escalation ladder: business hours until somebody looks, calendar days until there is an outcome (R33)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from review.alerts.ladder import Standing, business_time, steps_due

FRIDAY_4_PM = datetime(2026, 9, 4, 20, tzinfo=UTC)  # before Labor Day


def standing(**fields):
    given = dict(severity="CRITICAL", effective_on=date(2026, 9, 4), confirmed_at=FRIDAY_4_PM, acknowledged=False)
    return Standing(**(given | fields))


def test_business_time_runs_from_nine_to_five_and_skips_weekend_and_holiday():
    """A7's days: Saturday, Sunday and Labor Day do not count."""
    tuesday_noon = datetime(2026, 9, 8, 16, tzinfo=UTC)

    assert business_time(FRIDAY_4_PM, tuesday_noon) == timedelta(hours=4)


@pytest.mark.parametrize(
    ("alert", "now", "steps"),
    [
        (standing(), datetime(2026, 9, 8, 15, 59, tzinfo=UTC), []),
        (standing(), datetime(2026, 9, 8, 16, tzinfo=UTC), ["pdso"]),
        (standing(), datetime(2026, 9, 8, 20, tzinfo=UTC), ["pdso", "director"]),
        (standing(acknowledged=True), datetime(2026, 9, 9, 20, tzinfo=UTC), []),
        (standing(severity="HIGH"), datetime(2026, 9, 9, 20, tzinfo=UTC), []),
        (standing(acknowledged=True), datetime(2026, 9, 22, 16, tzinfo=UTC), ["day_7", "day_14", "day_18"]),
        (standing(acknowledged=True), datetime(2026, 9, 25, 16, tzinfo=UTC), ["day_7", "day_14", "day_18"]),
        (standing(acknowledged=True), datetime(2026, 9, 26, 16, tzinfo=UTC), ["day_7", "day_14", "day_18", "breach"]),
    ],
)
def test_each_rung_is_due_at_its_time(alert, now, steps):
    """Unacknowledged: four business hours, one business day; unresolved: days 7, 14, 18, and the end of day 21."""
    assert list(steps_due(alert, now)) == steps
