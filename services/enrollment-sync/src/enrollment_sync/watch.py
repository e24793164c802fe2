"""A request as enrollment-sync knows it: its facts, what it was answered, the authorization once there is one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cpt.campus.calendar import WATCHED_AFTER, AcademicCalendar
from cpt.campus.clock import Position
from cpt.contracts.event import Wire
from cpt.contracts.review import I20Issued
from cpt.contracts.staff import AuthorizationImported
from cpt.contracts.values import AuthorizationHit, Facts, Hours, NamedCourse, Segment
from enrollment_sync.domain import Codes, Course, Enrollments, Row, course_of
from enrollment_sync.mapping import span_of

Span = tuple[date, date]


def _by_term(full_terms: Any) -> Any:
    """Before their classes were kept, the terms alone were."""
    return full_terms if isinstance(full_terms, Mapping) else dict.fromkeys(full_terms, ())


class Basis(Wire):
    """The courses it rests on beside the facts. `confirmed`: by a DSO, or assumed where nobody had named one; `unnamed`:
    terms for which not even that was possible; `followed`: from a class to another section of its course (A24).
    """

    confirmed: tuple[NamedCourse, ...] | None = None
    unnamed: tuple[str, ...] | None = None
    followed: Mapping[str, str] = Field(default_factory=dict)
    career: str | None = None
    level: str | None = None
    """Both as SPIRE had told them when the case was approved (A32)."""


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
    career: str | None = None
    level: str | None = None
    """Both as they were at approval or, where nobody knew them, at the first read; None until then (A32)."""
    full_terms: Annotated[Mapping[str, tuple[str, ...]], BeforeValidator(_by_term)] = Field(default_factory=dict)
    """Terms with a full load when they were read last, and the classes that made it; a term whose course is lost keeps
    what it had (A33).
    """

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

    def hit(self, request_id: str, strm: str, span: Span, calendar: AcademicCalendar) -> AuthorizationHit:
        """The position of that term's segments over the days from the effective date to today (A25, cases 53, 54, 76)."""
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
            position=position_over([(one.start_date, one.end_date) for one in segments], span),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What of a watch is compared by itself: its terms with one course (`course` is empty), or a term as if the request
    named this one of its courses alone.
    """

    watch: "Watch"
    strms: frozenset[str]
    course: str = ""


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
    basis: Basis = field(default_factory=Basis)

    @property
    def last_outcome(self) -> str | None:
        return self.published["outcome"] if self.published else None

    @property
    def named(self) -> tuple[NamedCourse, ...]:
        return self.facts.courses if self.basis.confirmed is None else self.basis.confirmed

    def follow(self, course: Course, section: Row) -> None:
        followed = {**self.basis.followed, f"{course.strm}/{course.class_nbr}": section.class_nbr}
        self.basis = self.basis.model_copy(update={"followed": followed})

    def parts(self) -> Iterator[Part]:
        """Of an issued one: each of several courses of a term can be lost, replaced and come back by itself (A23)."""
        assert self.issued is not None
        count = Counter(course.strm for course in self.named)
        yield Part(self, frozenset(strm for strm in self.issued.strms if count[strm] < 2))
        for course in (one for one in self.named if count[one.strm] > 1 and one.strm in self.issued.strms):
            kept = tuple(one for one in self.named if one is course or one.strm != course.strm)
            alone = replace(self, basis=self.basis.model_copy(update={"confirmed": kept}))
            yield Part(alone, frozenset({course.strm}), " ".join(filter(None, (*_plain(course), course.class_nbr))))

    def asked(self, enrollments: Enrollments, codes: Codes) -> Facts:
        """The facts with the courses it rests on now: where a section was left for another one, that one."""
        courses = tuple(self._followed(course, enrollments, codes) for course in self.named)
        return self.facts if courses == self.facts.courses else self.facts.model_copy(update={"courses": courses})

    def _followed(self, course: NamedCourse, enrollments: Enrollments, codes: Codes) -> NamedCourse:
        seen: set[str | None] = set()
        while course.class_nbr not in seen and not _sits_in(course, enrollments, codes):
            seen.add(course.class_nbr)
            other = self.basis.followed.get(f"{course.strm}/{course.class_nbr}")
            course = course.model_copy(update={"class_nbr": other}) if other else course
        return course

    def strms(self, calendar: AcademicCalendar) -> set[str]:
        """Every term a check must ask for."""
        asked = {term.strm for term in calendar.overlapped_terms(*span_of(self.facts))}
        return asked | set(self.issued.strms if self.issued else ())


def _plain(course: NamedCourse) -> tuple[str, str]:
    return course_of(course.subject, course.catalog_nbr)


def _sits_in(course: NamedCourse, enrollments: Enrollments, codes: Codes) -> bool:
    """Whoever comes back to the class that was named rests on that one again."""
    rows = (row for row in enrollments.rows if (row.strm, row.class_nbr) == (course.strm, course.class_nbr))
    return any(codes.standing(row.status) == "enrolled" and enrollments.ending(row, codes) is None for row in rows)


def ends_on(facts: Facts, issued: Issued | None, calendar: AcademicCalendar) -> date | None:
    """P16; None while the calendar does not reach so far."""
    start, end = span_of(facts)
    if not calendar.covers(start, end):
        return None
    last = max(_ends(calendar.overlapped_terms(start, end), issued, calendar), default=end)
    return max(last, end) + WATCHED_AFTER


def _ends(terms: Iterable[Any], issued: Issued | None, calendar: AcademicCalendar) -> Iterable[date]:
    yield from (term.end for term in terms)
    yield from (term.end for strm in (issued.strms if issued else ()) if (term := calendar.term(strm)))


def position_over(authorized: Sequence[Span], span: Span) -> Position:
    """A25: running when the span touches an authorized day, or lies between two of them; its ends come in either order."""
    first, last = min(span), max(span)
    if last < min(start for start, _ in authorized):
        return "not_started"
    return "ended" if first > max(end for _, end in authorized) else "running"
