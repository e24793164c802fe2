"""Dates, times and numbers as Americans write them, Eastern time named."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cpt.web.formats import clock_time, count, day, moment, number, stamp, unnumbered


def test_a_day_names_its_weekday_and_month_in_short():
    assert day(date(2026, 9, 14)) == "Mon, Sep 14, 2026"
    assert day(date(2026, 9, 4)) == "Fri, Sep 4, 2026"


def test_a_moment_is_shown_in_eastern_time_on_both_sides_of_the_clock_change():
    assert moment(datetime(2026, 7, 1, 18, 5, tzinfo=UTC)) == "Wed, Jul 1, 2026, 2:05 PM ET"
    assert moment(datetime(2026, 12, 1, 18, 5, tzinfo=UTC)) == "Tue, Dec 1, 2026, 1:05 PM ET"


def test_the_day_of_a_moment_is_the_day_it_was_in_amherst():
    """Case 27."""
    assert day(datetime(2026, 9, 15, 3, 59, tzinfo=UTC)) == "Mon, Sep 14, 2026"


@pytest.mark.parametrize(("hour", "shown"), [(4, "12:00 AM ET"), (16, "12:00 PM ET"), (15, "11:00 AM ET")])
def test_noon_and_midnight_are_twelve(hour, shown):
    assert clock_time(datetime(2026, 7, 1, hour, tzinfo=UTC)) == shown


def test_machines_can_read_a_shown_time_too():
    shown = stamp(datetime(2026, 7, 1, 18, 5, tzinfo=UTC))

    assert shown == '<time datetime="2026-07-01T18:05:00Z">Wed, Jul 1, 2026, 2:05 PM ET</time>'
    assert stamp(date(2026, 7, 1)) == '<time datetime="2026-07-01">Wed, Jul 1, 2026</time>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234567, "1,234,567"), (Decimal("20.00"), "20"), (12.5, "12.5"), (Decimal("1234.50"), "1,234.5"), (100, "100")],
)
def test_numbers_have_commas_and_no_idle_zeros(value, shown):
    assert number(value) == shown


def test_a_count_agrees_with_its_noun():
    assert [count(n, "request") for n in (0, 1, 2)] == ["0 requests", "1 request", "2 requests"]
    assert count(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("The load in Fall 2026 is 1 of 9 units (X4).", "The load in Fall 2026 is 1 of 9 units."),
        ("No day can be authorized (R32, A23).", "No day can be authorized."),
        (
            "Hampshire Biotech (U.S.) is not in SPIRE (COMPSCI 698).",
            "Hampshire Biotech (U.S.) is not in SPIRE (COMPSCI 698).",
        ),
    ],
)
def test_people_read_no_numbers_of_rules(sentence, shown):
    assert unnumbered(sentence) == shown
