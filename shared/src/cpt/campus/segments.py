"""The dates an I-20 may name: the training cut to term dates, to the day of issue and to the program's end."""

import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from cpt.campus.authorization import Authorization, Clip, CoopContract, Gap, NotAuthorizable, Segment
from cpt.campus.calendar import AcademicCalendar, Term
from cpt.campus.clock import in_words
from cpt.campus.limits import AuthorizationLimits, clips_to
from cpt.campus.policy import STANDARD, OfficePolicy

_ONE_DAY = timedelta(days=1)


UNLIMITED = AuthorizationLimits()


def authorized_segments(
    start: date,
    end: date,
    calendar: AcademicCalendar,
    limits: AuthorizationLimits = UNLIMITED,
    *,
    contract: CoopContract | None = None,
    policy: OfficePolicy = STANDARD,
) -> Authorization:
    """One segment per overlapped term (A8), or the contract's dates straight through for an exempt co-op (R59).

    Raises NotAuthorizable when the calendar cannot tell or no day is left (cases 21, 25, 45), ValueError when the
    training ends before it starts (case 23).
    """
    if contract:
        start, end = contract.start_date, contract.end_date
    terms = _terms(calendar, start, end)
    clips = tuple(clips_to(limits, start, end))
    first, last = max(start, limits.first_day), min(end, limits.last_day)
    if contract:
        terms = calendar.overlapped_terms(first, last) or terms
        return Authorization((Segment(terms[0].strm, first, last),), (), clips)
    frame = (limits.first_day, limits.last_day) if policy.dates == "whole_term" else (first, last)
    segments = tuple(_segment(term, *frame) for term in _terms(calendar, first, last))
    clips += tuple(_term_clips(segments, first, last))
    if policy.term_break == "bridge":
        return Authorization(tuple(_bridged(segments)), (), clips)
    return Authorization(segments, tuple(_gap(*pair) for pair in pairwise(segments) if _apart(*pair)), clips)


def outside_terms(
    segments: Collection[Segment], calendar: AcademicCalendar, policy: OfficePolicy = STANDARD
) -> tuple[Segment, ...]:
    """Segments that a revised calendar no longer carries: for a DSO to look at, never changed silently (case 26).

    Where breaks are bridged (A9), one that the next follows at once may reach over the end of its term.
    """
    return tuple(one for one, missing in _outside(segments, calendar, policy).items() if any(missing))


def further_outside_terms(
    segments: Collection[Segment], before: AcademicCalendar, after: AcademicCalendar, policy: OfficePolicy
) -> tuple[Segment, ...]:
    """Segments of which a calendar carries fewer days than the one before it did; what had been outside is no news."""
    were, are = (_outside(segments, calendar, policy) for calendar in (before, after))
    return tuple(one for one in are if any(now > then for now, then in zip(are[one], were[one], strict=True)))


def _outside(
    segments: Collection[Segment], calendar: AcademicCalendar, policy: OfficePolicy
) -> dict[Segment, tuple[int, int]]:
    """Days before the first and after the last day of its term, for each."""
    followed = {one.start_date - _ONE_DAY for one in segments} if policy.term_break == "bridge" else set()
    return {one: _missing(one, calendar.term(one.strm), bridged=one.end_date in followed) for one in segments}


def _missing(segment: Segment, term: Term | None, *, bridged: bool) -> tuple[int, int]:
    if term is None:
        return (sys.maxsize, sys.maxsize)
    after = 0 if bridged else (segment.end_date - term.end).days
    return max((term.start - segment.start_date).days, 0), max(after, 0)


def _terms(calendar: AcademicCalendar, start: date, end: date) -> tuple[Term, ...]:
    terms = calendar.overlapped_terms(start, end)
    days = f"{in_words(start)} to {in_words(end)}"
    if not calendar.covers(start, end):
        raise NotAuthorizable("calendar_not_loaded", f"The academic calendar is not loaded for {days}.")
    if not terms:
        raise NotAuthorizable("no_term", f"{days} is in no term of the academic calendar.")
    return terms


def _segment(term: Term, first: date, last: date) -> Segment:
    return Segment(term.strm, max(term.start, first), min(term.end, last))


def _term_clips(segments: Sequence[Segment], first: date, last: date) -> Iterable[Clip]:
    opens, closes = segments[0].start_date, segments[-1].end_date
    if first < opens:
        yield Clip("start", first, opens, "term_start", f"The term begins on {in_words(opens)}.")
    if closes < last:
        yield Clip("end", last, closes, "term_end", f"The term ends on {in_words(closes)}.")


def _bridged(segments: Sequence[Segment]) -> Iterable[Segment]:
    for segment, following in pairwise(segments):
        yield replace(segment, end_date=following.start_date - _ONE_DAY)
    yield segments[-1]


def _apart(earlier: Segment, later: Segment) -> bool:
    return later.start_date - earlier.end_date > _ONE_DAY


def _gap(earlier: Segment, later: Segment) -> Gap:
    start, end = earlier.end_date + _ONE_DAY, later.start_date - _ONE_DAY
    why = f"No term runs from {in_words(start)} to {in_words(end)}; work on these days is not authorized."
    return Gap(earlier.strm, later.strm, start, end, why)
