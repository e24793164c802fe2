"""The academic calendar: terms, their sessions and closing days, as versioned data."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from cpt.campus.calendar_form import InvalidCalendar, calendar_faults

__all__ = [
    "WATCHED_AFTER",
    "AcademicCalendar",
    "Closure",
    "InvalidCalendar",
    "Session",
    "Term",
    "illustrative_calendar",
]

WATCHED_AFTER = timedelta(days=60)
"""How long after the end of its last term an authorization is watched (P16)."""


@dataclass(frozen=True, slots=True)
class Session:
    code: str
    start: date
    end: date

    def overlaps(self, start: date, end: date) -> bool:
        return self.start <= end and start <= self.end


@dataclass(frozen=True, slots=True)
class Term:
    strm: str
    name: str
    start: date
    end: date
    sessions: tuple[Session, ...] = ()

    @property
    def season(self) -> str:
        """First word of the name, in lower case; STRM is opaque and never parsed."""
        return self.name.split()[0].lower()

    def session(self, code: str) -> Session | None:
        return next((session for session in self.sessions if session.code == code), None)

    def overlaps(self, start: date, end: date) -> bool:
        return self.start <= end and start <= self.end


@dataclass(frozen=True, slots=True)
class Closure:
    date: date
    why: str


@dataclass(frozen=True, slots=True)
class AcademicCalendar:
    version: int
    terms: tuple[Term, ...]
    closures: tuple[Closure, ...] = ()

    @classmethod
    def parse(cls, form: Mapping[str, Any]) -> "AcademicCalendar":
        """From the JSON form; raises InvalidCalendar naming every fault at once."""
        if faults := calendar_faults(form):
            raise InvalidCalendar(faults)
        closures = tuple(Closure(date.fromisoformat(item["date"]), item["why"]) for item in form["closures"])
        return cls(form["version"], tuple(_terms(form)), closures)

    def to_form(self) -> dict[str, Any]:
        """The JSON form that `parse` reads."""
        return {
            "version": self.version,
            "terms": [
                {"strm": term.strm, "name": term.name, **_span(term), "sessions": [_session(s) for s in term.sessions]}
                for term in self.terms
            ],
            "closures": [{"date": closure.date.isoformat(), "why": closure.why} for closure in self.closures],
        }

    @property
    def closed_days(self) -> frozenset[date]:
        return frozenset(closure.date for closure in self.closures)

    def term(self, strm: str) -> Term | None:
        return next((term for term in self.terms if term.strm == strm), None)

    def covers(self, start: date, end: date) -> bool:
        """Whether no term of this span can be missing: it lies within first start and last end (case 25)."""
        return self.terms[0].start <= start <= end <= self.terms[-1].end

    def overlapped_terms(self, start: date, end: date) -> tuple[Term, ...]:
        """R22: terms that share at least one day with the span, both ends inclusive; ask `covers` first."""
        if start > end:
            raise ValueError("a training does not end before it starts")
        return tuple(term for term in self.terms if term.overlaps(start, end))


@cache
def illustrative_calendar() -> AcademicCalendar:
    """Dates for demonstrations and tests, not the University's official ones."""
    text = files("cpt.campus").joinpath("illustrative_calendar.json").read_text(encoding="utf-8")
    return AcademicCalendar.parse(json.loads(text))


def _terms(form: Mapping[str, Any]) -> Iterator[Term]:
    for item in sorted(form["terms"], key=lambda term: str(term["start"])):
        sessions = tuple(Session(part["code"], *_dates(part)) for part in item["sessions"])
        yield Term(item["strm"], item["name"], *_dates(item), sessions)


def _dates(item: Mapping[str, str]) -> tuple[date, date]:
    return date.fromisoformat(item["start"]), date.fromisoformat(item["end"])


def _span(item: Term | Session) -> dict[str, str]:
    return {"start": item.start.isoformat(), "end": item.end.isoformat()}


def _session(session: Session) -> dict[str, str]:
    return {"code": session.code, **_span(session)}
