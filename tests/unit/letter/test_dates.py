from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.letters.wording import DATES
from intake.letter.dates import dates_in
from intake.letter.words import plain

START, END = date(2026, 9, 14), date(2026, 12, 11)


def exact(text):
    return dates_in(plain(text)).exact


@pytest.mark.parametrize(
    "written",
    [
        "September 14, 2026",
        "SEPTEMBER 14, 2026",
        "September 14 2026",
        "September 14th, 2026",
        "Monday, September 14, 2026",
        "Sept. 14, 2026",
        "Sep 14, 2026",
        "Sept.14,2026",
        "September the 14th, 2026",
        "September 14 of 2026",
        "September 14, '26",
        "14 September 2026",
        "14th September 2026",
        "14 Sep 2026",
        "14. September 2026",
        "14-Sep-2026",
        "14-Sep-26",
        "14/Sep/2026",
        "14th of September, 2026",
        "the 14th day of September 2026",
        "the fourteenth of September, 2026",
        "September fourteenth, 2026",
        "2026 September 14",
        "2026-Sep-14",
        "9/14/2026",
        "09/14/2026",
        "09/14/26",
        "9-14-2026",
        "9.14.2026",
        "9 / 14 / 2026",
        "14/09/2026",
        "14.9.2026",
        "2026-09-14",
        "2026/09/14",
        "2026.09.14",
        "(09/14/2026)",
        "09/14/2026.",
        "Septem-\nber 14, 2026",
        "September\n14,\n2026",
        "September\u00a014,\u20092026",
        "from September 14 – December 11, 2026",
        "from September 14 to December 11, 2026",
        "beginning Monday, September 14 and ending Friday, December 11, 2026",
        "14 September – 11 December 2026",
        "9/14 – 12/11/2026",
        "September 14–18, 2026",
        "14–18 September 2026",
        "between September 14 and December 11, 2026",
        "from September 14 through January 8, 2027",
        "no later than you wish. Start: September 14, 2026",
        "Learn about us. September 14, 2026 is your first day",
    ],
)
def test_a_date_is_found_in_any_usual_writing(written):
    """R7"""
    assert START in exact(f"Your first day is {written} and you will like it.")


@pytest.mark.parametrize(
    "written",
    [
        "September 14",
        "September 2026",
        "Summer 2026",
        "Fall semester 2026",
        "upon CPT approval",
        "on or about 14 September",
        "on or about September 14, 2026",
        "on or about Monday, the 14th of September 2026",
        "on/about 9/14/2026",
        "around September 14, 2026",
        "approximately September 14, 2026",
        "a tentative start date of September 14, 2026",
        "tentatively September 14, 2026",
        "September 14, 2026 (tentative)",
        "September 14, 2026, or upon CPT approval",
        "September 14, 2026 or later",
        "no earlier than September 14, 2026",
        "the week of September 14, 2026",
        "on or be-\nfore September 14, 2026",
        "9/15/2026",
        "September 14, 2027",
        "2026-14-09",
        "September 31, 2026",
    ],
)
def test_what_is_no_exact_date_is_not_taken_for_one(written):
    """Case 30"""
    assert START not in exact(f"Your first day is {written} and you will like it.")


def test_a_range_that_states_its_year_once_gives_both_dates():
    assert {START, END} <= exact("Employed from September 14 through December 11, 2026")


def test_a_range_over_new_year_begins_in_the_year_before():
    assert date(2026, 12, 14) in exact("from December 14 to January 22, 2027")


def test_a_range_within_one_month_gives_both_dates():
    assert exact("May 18 to 29, 2026") == {date(2026, 5, 18), date(2026, 5, 29)}


def test_numbers_are_month_first_unless_the_letter_shows_otherwise():
    assert exact("from 4/5/2026") == {date(2026, 4, 5)}
    assert exact("from 4/5/2026 to 28/8/2026") == {date(2026, 5, 4), date(2026, 8, 28)}


def test_a_date_stated_exactly_elsewhere_is_exact():
    assert START in exact("We expect you around September 14, 2026. Start date: 09/14/2026")


@given(
    day=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    style=st.sampled_from(sorted(DATES)),
    before=st.sampled_from(["from ", "Start date: ", "(", "on "]),
)
def test_every_day_of_the_calendar_is_read_back_from_every_writing(day, style, before):
    assert exact(f"You will work {before}{DATES[style](day)}) for 20 hours per week.") == {day}


@given(
    start=st.dates(date(2024, 1, 1), date(2035, 6, 30)),
    length=st.integers(1, 170),
    to=st.sampled_from([" - ", "–", " to ", " through ", " until ", " and ending on "]),
)
def test_every_range_with_one_year_gives_both_ends(start, length, to):
    end = date.fromordinal(start.toordinal() + length)

    found = exact(f"from {start:%B} {start.day}{to}{end:%B} {end.day}, {end.year}.")

    assert found == {start, end}


@given(st.text(alphabet="0123456789/.-, '()septmbrof\n", max_size=200))
def test_no_text_at_all_makes_the_reader_fail(text):
    dates_in(plain(text))
