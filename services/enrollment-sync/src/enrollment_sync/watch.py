"""A request as enrollment-sync knows it: its facts, what it was answered, the authorization once there is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import position
from cpt.contracts.event import Wire
from cpt.contracts.review import I20Issued
from cpt.contracts.staff import AuthorizationImported
from cpt.contracts.values import AuthorizationHit, Facts, Hours, Segment
from enrollment_sync.adapt import span_of

OUTLIVES = timedelta(days=60)
"""How long a watch lives after the end of its last term (P16)."""


class Issued(Wire):
    """The authorization that counts. `strms` were fixed at issuance, so that a revised calendar adds no loss (case 26);
    `baseline_seq`: what SPIRE had told when it was issued; older acts are history.
    """

    authorization_version: int
    employer: str
    location: str
    hours: Hours
    segments: tuple[Segment, ...]
    strms: tuple[str, ...]
    baseline_seq: int
    relied_on_check: int

    @classmethod
    def of(cls, event: I20Issued | AuthorizationImported, calendar: AcademicCalendar, baseline_seq: int) -> "Issued":
        strms = {segment.strm for segment in event.segments}
        for segment in event.segments:
            strms |= {term.strm for term in calendar.overlapped_terms(segment.start_date, segment.end_date)}
        return cls(
            authorization_version=event.authorization_version,
            employer=event.employer,
            location=event.location,
            hours=event.hours,
            segments=event.segments,
            strms=tuple(sorted(strms)),
            baseline_seq=baseline_seq,
            relied_on_check=event.relied_on_check,
        )

    def until(self, last_day: date, calendar: AcademicCalendar) -> "Issued":
        """Shortened; a segment that would start later is not worked at all (P28), nor does a later term carry anything."""
        kept = [segment for segment in self.segments if segment.start_date <= last_day]
        ends = (segment.model_copy(update={"end_date": min(segment.end_date, last_day)}) for segment in kept)
        later = {term.strm for term in calendar.terms if term.start > last_day}
        strms = tuple(strm for strm in self.strms if strm not in later)
        # a training that never begins is watched like a canceled one: not at all
        return self.model_copy(update={"segments": tuple(ends), "strms": strms if kept else ()})

    def hit(self, request_id: str, strm: str, on: date, calendar: AcademicCalendar) -> AuthorizationHit:
        """The position of the segments in that term, at the effective date and not on arrival (P16, cases 53, 54)."""
        term = calendar.term(strm)
        near = [s for s in self.segments if s.strm == strm or (term and term.overlaps(s.start_date, s.end_date))]
        segments = near or list(self.segments)
        return AuthorizationHit(
            request_id=request_id,
            authorization_version=self.authorization_version,
            employer=self.employer,
            location=self.location,
            hours=self.hours,
            segments=self.segments,
            position=position(segments[0].start_date, segments[-1].end_date, on),
        )


@dataclass(slots=True)
class Watch:
    """An open one, under its student's lock. `published`: the last answer without its number and time."""

    request_id: str
    emplid: str
    facts: Facts
    checked_terms: tuple[str, ...]
    check_no: int
    published: dict[str, Any] | None
    issued: Issued | None
    version: int

    @property
    def last_outcome(self) -> str | None:
        return self.published["outcome"] if self.published else None

    def strms(self, calendar: AcademicCalendar) -> set[str]:
        """Every term a check must ask for."""
        asked = {term.strm for term in calendar.overlapped_terms(*span_of(self.facts))}
        return asked | set(self.issued.strms if self.issued else ())


def ends_on(facts: Facts, issued: Issued | None, calendar: AcademicCalendar) -> date | None:
    """P16; None while the calendar does not reach so far."""
    start, end = span_of(facts)
    if not calendar.covers(start, end):
        return None
    last = max(_ends(calendar.overlapped_terms(start, end), issued, calendar), default=end)
    return max(last, end) + OUTLIVES


def _ends(terms: Iterable[Any], issued: Issued | None, calendar: AcademicCalendar) -> Iterable[date]:
    yield from (term.end for term in terms)
    yield from (term.end for strm in (issued.strms if issued else ()) if (term := calendar.term(strm)))
