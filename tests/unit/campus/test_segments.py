from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cpt.campus.authorization import Authorization, CoopContract, NotAuthorizable, Segment
from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.campus.limits import AuthorizationLimits
from cpt.campus.policy import OfficePolicy
from cpt.campus.segments import authorized_segments, outside_terms

unhurried = settings(deadline=None)  # a busy machine breaks no rule
CALENDAR = illustrative_calendar()
FIRST, LAST = CALENDAR.terms[0].start, CALENDAR.terms[-1].end
D = date.fromisoformat


def calendar(*terms: tuple[str, str, str]) -> AcademicCalendar:
    form = [{"strm": strm, "name": strm, "start": start, "end": end, "sessions": []} for strm, start, end in terms]
    return AcademicCalendar.parse({"version": 2, "terms": form, "closures": []})


def authorize(start: str, end: str, **limits: date) -> Authorization:
    return authorized_segments(D(start), D(end), CALENDAR, AuthorizationLimits(**limits))


def spans(authorization: Authorization) -> list[tuple[str, str, str]]:
    return [(s.strm, s.start_date.isoformat(), s.end_date.isoformat()) for s in authorization.segments]


def moved(authorization: Authorization) -> list[tuple[str, str, date, date]]:
    return [(clip.edge, clip.reason, clip.asked, clip.granted) for clip in authorization.clips]


def refusal(start: str, end: str, **limits: date) -> str:
    with pytest.raises(NotAuthorizable) as refused:
        authorize(start, end, **limits)
    return refused.value.code


def test_a_training_inside_one_term_is_authorized_as_offered() -> None:
    """A8."""
    authorization = authorize("2026-09-14", "2026-12-11")

    assert spans(authorization) == [("1267", "2026-09-14", "2026-12-11")]
    assert (authorization.gaps, authorization.clips) == ((), ())


def test_each_overlapped_term_has_its_segment_and_the_break_is_an_explained_gap() -> None:
    """A8, A9: August 22 to September 7 lies in no term, inside the page's own example (R24)."""
    authorization = authorize("2026-08-01", "2026-12-11")

    assert spans(authorization) == [("1265", "2026-08-01", "2026-08-21"), ("1267", "2026-09-08", "2026-12-11")]
    [gap] = authorization.gaps
    assert (gap.after_strm, gap.before_strm) == ("1265", "1267")
    assert (gap.start_date, gap.end_date) == (date(2026, 8, 22), date(2026, 9, 7))
    assert "August 22, 2026 to September 7, 2026" in gap.why


def test_terms_that_follow_without_a_break_leave_no_gap() -> None:
    """A9: in another year winter may start right after finals (docs/rules.md)."""
    terms = calendar(("1267", "2026-09-08", "2026-12-23"), ("1271", "2026-12-24", "2027-01-23"))

    authorization = authorized_segments(D("2026-12-01"), D("2027-01-10"), terms)

    assert (len(authorization.segments), authorization.gaps) == (2, ())


def test_an_offer_wider_than_its_term_is_clipped_on_both_sides_and_says_why() -> None:
    """Case 22, in a calendar whose spring ends before the offer starts."""
    terms = calendar(
        ("1263", "2026-01-29", "2026-05-08"), ("1265", "2026-05-18", "2026-08-21"), ("1267", "2026-09-08", "2026-12-23")
    )

    authorization = authorized_segments(D("2026-05-11"), D("2026-08-28"), terms)

    assert spans(authorization) == [("1265", "2026-05-18", "2026-08-21")]
    assert moved(authorization) == [
        ("start", "term_start", date(2026, 5, 11), date(2026, 5, 18)),
        ("end", "term_end", date(2026, 8, 28), date(2026, 8, 21)),
    ]
    assert [clip.why for clip in authorization.clips] == [
        "The term begins on May 18, 2026.",
        "The term ends on August 21, 2026.",
    ]


def test_an_end_on_the_first_day_of_a_term_gives_that_term_a_segment_of_one_day() -> None:
    """Case 20."""
    assert spans(authorize("2026-08-01", "2026-09-08"))[-1] == ("1267", "2026-09-08", "2026-09-08")


def test_a_single_day_can_be_authorized() -> None:
    """Case 23."""
    assert spans(authorize("2026-09-14", "2026-09-14")) == [("1267", "2026-09-14", "2026-09-14")]


def test_a_start_after_the_end_is_an_error() -> None:
    """Case 23: the form's field error, not a refusal of authorization."""
    with pytest.raises(ValueError, match="before it starts"):
        authorize("2026-09-15", "2026-09-14")


def test_a_training_wholly_between_terms_is_not_authorized_by_the_system() -> None:
    """Case 21."""
    assert refusal("2026-08-24", "2026-09-04") == "no_term"


def test_dates_beyond_the_loaded_calendar_are_never_taken_for_no_overlap() -> None:
    """Case 25."""
    assert refusal("2027-06-01", "2027-10-01") == "calendar_not_loaded"


def test_nothing_is_authorized_before_the_i20_is_issued() -> None:
    """A16, case 45: the student is told the new date."""
    authorization = authorize("2026-09-14", "2026-12-11", issued_on=date(2026, 9, 21))

    assert spans(authorization) == [("1267", "2026-09-21", "2026-12-11")]
    assert moved(authorization) == [("start", "issued", date(2026, 9, 14), date(2026, 9, 21))]


def test_an_issue_date_before_the_start_changes_nothing() -> None:
    """A16: authorized start = max(requested, issue date, term start)."""
    assert authorize("2026-09-14", "2026-12-11", issued_on=date(2026, 9, 14)).clips == ()


def test_a_training_whose_end_has_passed_at_issuance_is_refused() -> None:
    """Case 45, A16: back to the student. The last day itself can still be authorized."""
    assert refusal("2026-09-14", "2026-12-11", issued_on=date(2026, 12, 12)) == "issued_after_end"
    assert spans(authorize("2026-09-14", "2026-12-11", issued_on=date(2026, 12, 11))) == [
        ("1267", "2026-12-11", "2026-12-11")
    ]


def test_a_term_that_has_passed_at_issuance_has_no_segment() -> None:
    """A16: issued in the break, so that only fall is left."""
    authorization = authorize("2026-08-01", "2026-12-11", issued_on=date(2026, 9, 1))

    assert spans(authorization) == [("1267", "2026-09-08", "2026-12-11")]
    assert [clip.reason for clip in authorization.clips] == ["issued", "term_start"]


def test_nothing_is_authorized_after_the_program_ends() -> None:
    """X2, case 69."""
    authorization = authorize("2026-08-01", "2026-12-11", program_end=date(2026, 9, 1))

    assert spans(authorization) == [("1265", "2026-08-01", "2026-08-21")]
    assert [clip.reason for clip in authorization.clips] == ["program_end", "term_end"]
    assert refusal("2026-09-14", "2026-12-11", program_end=date(2026, 9, 13)) == "after_program_end"


def test_the_earlier_of_program_end_and_admission_end_limits() -> None:
    """X2, docs/rules.md"""
    limits = {"program_end": date(2026, 12, 1), "admit_until": date(2026, 11, 1)}

    assert authorize("2026-09-14", "2026-12-11", **limits).end_date == date(2026, 11, 1)
    assert refusal("2026-11-02", "2026-12-11", **limits) == "after_admit_until"


def test_an_approved_coop_runs_straight_through_on_its_contracts_dates() -> None:
    """R59, A9, case 18: one range per contract, the offer's dates notwithstanding."""
    contract = CoopContract(date(2026, 6, 1), date(2026, 12, 18))

    authorization = authorized_segments(D("2026-06-08"), D("2026-12-11"), CALENDAR, contract=contract)

    assert spans(authorization) == [("1265", "2026-06-01", "2026-12-18")]
    assert (authorization.gaps, authorization.clips) == ((), ())


def test_a_coop_too_starts_at_issuance_and_ends_with_the_program() -> None:
    """A13, A16, X2: only R23 and the term dates are waived."""
    contract = CoopContract(date(2026, 6, 1), date(2026, 12, 18))
    limits = AuthorizationLimits(issued_on=date(2026, 9, 10), program_end=date(2026, 12, 1))

    authorization = authorized_segments(D("2026-06-01"), D("2026-12-18"), CALENDAR, limits, contract=contract)

    assert spans(authorization) == [("1267", "2026-09-10", "2026-12-01")]


def test_the_whole_term_can_be_endorsed_by_policy_within_the_limits() -> None:
    """A8: the alternative reading, behind one switch."""
    limits = AuthorizationLimits(issued_on=date(2026, 9, 10))
    policy = OfficePolicy(dates="whole_term")

    authorization = authorized_segments(D("2026-09-14"), D("2026-12-11"), CALENDAR, limits, policy=policy)

    assert spans(authorization) == [("1267", "2026-09-10", "2026-12-23")]


def test_a_break_can_be_bridged_by_policy() -> None:
    """A9: the option, when enrolled on both sides."""
    policy = OfficePolicy(term_break="bridge")

    authorization = authorized_segments(D("2026-08-01"), D("2026-12-11"), CALENDAR, policy=policy)

    assert spans(authorization) == [("1265", "2026-08-01", "2026-09-07"), ("1267", "2026-09-08", "2026-12-11")]
    assert authorization.gaps == ()


def test_a_segment_that_a_revised_calendar_no_longer_carries_is_for_a_dso() -> None:
    """Case 26: nothing changes silently."""
    fall = Segment("1267", date(2026, 9, 8), date(2026, 12, 23))
    longer, shorter = calendar(("1267", "2026-09-08", "2026-12-24")), calendar(("1267", "2026-09-08", "2026-12-22"))

    assert outside_terms([fall], longer) == ()
    assert outside_terms([fall], shorter) == (fall,)
    assert outside_terms([fall], calendar(("1265", "2026-05-18", "2026-08-21"))) == (fall,)


def days(start: date, end: date) -> set[date]:
    return {start + timedelta(n) for n in range((end - start).days + 1)}


IN_TERM = {day for term in CALENDAR.terms for day in days(term.start, term.end)}


@unhurried
@given(
    st.dates(FIRST, LAST), st.dates(FIRST, LAST), st.none() | st.dates(FIRST, LAST), st.none() | st.dates(FIRST, LAST)
)
def test_authorized_are_exactly_the_offered_days_in_a_term_within_the_limits(
    one: date, other: date, issued: date | None, program_end: date | None
) -> None:
    """A8, A9, A16, X2 together; the gaps are the days between."""
    start, end = sorted((one, other))
    allowed = {day for day in IN_TERM & days(start, end) if (issued or FIRST) <= day <= (program_end or LAST)}
    limits = AuthorizationLimits(issued, program_end)

    if not allowed:
        with pytest.raises(NotAuthorizable):
            authorized_segments(start, end, CALENDAR, limits)
        return
    authorization = authorized_segments(start, end, CALENDAR, limits)

    assert {day for s in authorization.segments for day in days(s.start_date, s.end_date)} == allowed
    between = {day for gap in authorization.gaps for day in days(gap.start_date, gap.end_date)}
    assert between == days(min(allowed), max(allowed)) - allowed


@unhurried
@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_every_moved_edge_has_a_reason(one: date, other: date) -> None:
    """R49, case 22: from what was asked to what is granted, step by step."""
    start, end = sorted((one, other))
    assume(CALENDAR.overlapped_terms(start, end))
    authorization = authorized_segments(start, end, CALENDAR)

    assert (start != authorization.start_date) == any(clip.edge == "start" for clip in authorization.clips)
    assert (end != authorization.end_date) == any(clip.edge == "end" for clip in authorization.clips)
