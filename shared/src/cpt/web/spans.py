"""Dates drawn over the academic terms: what was asked for, what is authorized, what lies between."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cpt.campus.calendar import AcademicCalendar

_LABEL_NEEDS = 11.0  # percent of the width below which a term's name would run into the next one's
_MARGIN = timedelta(days=5)


@dataclass(frozen=True)
class Strip:
    """`left`, `width` and `middle` in percent of the drawing."""

    left: float
    width: float
    start: date
    end: date
    label: str = ""

    @property
    def middle(self) -> float:
        return round(self.left + self.width / 2, 2)

    @property
    def tight(self) -> bool:
        """Too small for its label on a phone; a third of that is too small anywhere."""
        return self.width < 3 * _LABEL_NEEDS

    @property
    def nameable(self) -> bool:
        return self.width >= _LABEL_NEEDS


@dataclass(frozen=True)
class SpanChart:
    terms: Sequence[Strip]
    asked: Strip
    granted: Sequence[Strip] = ()
    gaps: Sequence[Strip] = ()
    today: float | None = None
    names: dict[str, str] = field(default_factory=dict)


def span_of(
    calendar: AcademicCalendar,
    asked: tuple[date, date],
    granted: Iterable[Any] = (),
    gaps: Iterable[Any] = (),
    today: date | None = None,
) -> SpanChart:
    """`granted` and `gaps` are mappings or objects with `start_date` and `end_date`."""
    given, between = [_days(part) for part in granted], [_days(part) for part in gaps]
    near = [term for term in calendar.terms if term.overlaps(asked[0] - _MARGIN, asked[1] + _MARGIN)]
    edges = [
        *asked,
        *(day for pair in given for day in pair),
        *(day for term in near for day in (term.start, term.end)),
    ]
    first, last = min(edges), max(edges)
    strip = _strips(first, last)
    return SpanChart(
        terms=[strip(term.start, term.end, term.name) for term in near],
        asked=strip(*asked, ""),
        granted=[strip(*pair, "") for pair in given],
        gaps=[strip(*pair, "") for pair in between],
        today=strip(today, today, "").left if today and first <= today <= last else None,
        names={term.strm: term.name for term in calendar.terms},
    )


def _strips(first: date, last: date) -> Callable[[date, date, str], Strip]:
    whole = (last - first).days + 1

    def strip(start: date, end: date, label: str) -> Strip:
        left = 100 * (start - first).days / whole
        width = 100 * ((end - start).days + 1) / whole
        return Strip(round(left, 2), round(width, 2), start, end, label)

    return strip


def _days(part: Any) -> tuple[date, date]:
    """Events carry dates as text once they have been through JSON."""
    known = part if isinstance(part, dict) else {name: getattr(part, name) for name in ("start_date", "end_date")}
    return _date(known["start_date"]), _date(known["end_date"])


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
