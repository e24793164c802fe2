from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpt.campus.calendar import AcademicCalendar, InvalidCalendar, illustrative_calendar
from cpt.campus.calendar_form import calendar_faults

unhurried = settings(deadline=None)  # a busy machine breaks no rule
CALENDAR = illustrative_calendar()
TERMS = ["1257", "1261", "1263", "1265", "1267", "1271", "1273", "1275"]
FIELDS = ["version", "terms", "closures", "sessions", "strm", "start", "end", "date"]
FIRST, LAST = CALENDAR.terms[0].start, CALENDAR.terms[-1].end


def strms(start: str, end: str) -> list[str]:
    return [term.strm for term in CALENDAR.overlapped_terms(date.fromisoformat(start), date.fromisoformat(end))]


def faults(form: Any) -> tuple[str, ...]:
    with pytest.raises(InvalidCalendar) as refusal:
        AcademicCalendar.parse(form)
    return refusal.value.faults


def test_the_last_weeks_of_summer_and_all_of_fall_overlap_two_terms() -> None:
    """R24: the page's own example."""
    assert strms("2026-08-01", "2026-12-11") == ["1265", "1267"]


def test_an_end_on_the_first_day_of_the_next_term_overlaps_it() -> None:
    """R22, case 20: both ends inclusive."""
    assert strms("2026-06-01", "2026-09-08") == ["1265", "1267"]
    assert strms("2026-06-01", "2026-09-07") == ["1265"]


def test_a_start_on_the_last_day_of_a_term_overlaps_it() -> None:
    """R22."""
    assert strms("2026-08-21", "2026-12-11") == ["1265", "1267"]
    assert strms("2026-08-22", "2026-12-11") == ["1267"]


def test_one_day_of_training_overlaps_its_term() -> None:
    """Case 23."""
    assert strms("2026-09-08", "2026-09-08") == ["1267"]


def test_winter_is_a_term_of_its_own() -> None:
    """A12."""
    assert strms("2026-12-01", "2027-02-01") == ["1267", "1271", "1273"]


def test_a_training_between_terms_overlaps_none() -> None:
    """Case 21."""
    assert strms("2026-08-24", "2026-09-04") == []


def test_a_training_does_not_end_before_it_starts() -> None:
    """Case 23."""
    with pytest.raises(ValueError, match="before it starts"):
        strms("2026-09-09", "2026-09-08")


def test_a_span_is_covered_only_between_the_first_start_and_the_last_end() -> None:
    """Case 25."""
    assert CALENDAR.covers(FIRST, LAST)
    assert not CALENDAR.covers(date.fromordinal(FIRST.toordinal() - 1), LAST)
    assert not CALENDAR.covers(FIRST, date.fromordinal(LAST.toordinal() + 1))


@unhurried
@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_a_term_is_overlapped_exactly_when_they_share_a_day(one: date, other: date) -> None:
    """R22."""
    start, end = sorted((one, other))
    span = set(range(start.toordinal(), end.toordinal() + 1))
    shared = [t for t in CALENDAR.terms if span & set(range(t.start.toordinal(), t.end.toordinal() + 1))]

    assert list(CALENDAR.overlapped_terms(start, end)) == shared


def test_the_shipped_calendar_has_the_eight_terms_and_both_summer_sessions() -> None:
    """docs/rules.md"""
    summer = CALENDAR.term("1265")

    assert [term.strm for term in CALENDAR.terms] == TERMS
    assert summer is not None
    assert (summer.season, summer.start, summer.end) == ("summer", date(2026, 5, 18), date(2026, 8, 21))
    assert [session.code for session in summer.sessions] == ["1", "S1", "S2"]


def test_the_json_form_is_read_and_written_alike() -> None:
    """docs/rules.md."""
    form = CALENDAR.to_form() | {"closures": [{"date": "2026-01-28", "why": "Snow"}]}

    calendar = AcademicCalendar.parse(form)

    assert calendar.to_form() == form
    assert calendar.closed_days == {date(2026, 1, 28)}


def test_terms_are_put_in_order_of_time() -> None:
    """Case 25 rests on the first and the last."""
    form = CALENDAR.to_form()

    assert AcademicCalendar.parse(form | {"terms": form["terms"][::-1]}) == CALENDAR


def test_every_fault_is_named_at_once() -> None:
    """docs/rules.md: one refusal, nothing left to find on the second try."""
    form = deepcopy(CALENDAR.to_form())
    form["version"] = "1"
    form["extra"] = True
    form["terms"][0]["end"] = "2025-08-01"
    form["terms"][1]["start"] = "1 January"
    form["terms"][2]["strm"] = "1265"
    del form["terms"][4]["name"]
    form["terms"][5]["sessions"][0]["end"] = "2027-06-01"
    form["terms"][6]["start"] = "2027-01-20"
    form["closures"] = [{"date": "2026-01-28", "why": ""}, "snow"]

    assert set(faults(form)) >= {
        "calendar.extra: is not known here",
        "version: is not a whole number from 1",
        "terms[0]: ends before it starts",
        "terms[1].start: is not a date like 2026-09-08",
        "terms: strm 1265 appears 2 times",
        "terms[4].name: is missing",
        "terms[5].sessions[0]: is outside its term",
        "terms: 1271 and 1273 overlap",
        "closures[0].why: is not a text",
        "closures[1]: is not an object",
    }


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ([], "calendar: is not an object"),
        ({"version": 1, "terms": [], "closures": []}, "terms: is not a list of at least one term"),
        ({"version": 1, "closures": []}, "terms: is not a list of at least one term"),
        ({"version": 0, "terms": [3], "closures": []}, "version: is not a whole number from 1"),
        ({"version": True, "terms": [3]}, "closures: is not a list"),
        ({"terms": [{"start": "20260908"}]}, "terms[0].start: is not a date like 2026-09-08"),
        ({"terms": [{"sessions": {}}]}, "terms[0].sessions: is not a list"),
    ],
)
def test_a_form_of_another_shape_is_refused(form: Any, fault: str) -> None:
    """docs/rules.md."""
    assert fault in faults(form)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["2026-09-08", "2026-02-30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=12,
)


@unhurried
@given(JSON)
def test_no_form_whatever_breaks_the_reader(form: Any) -> None:
    """docs/rules.md: an operator may load any file; what comes is a refusal, never a crash."""
    assert calendar_faults(form)
