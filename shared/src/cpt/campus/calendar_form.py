"""What can be wrong with the JSON form of an academic calendar, all of it at once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

_TEXT = {"strm", "name", "code", "why"}
_DATES = {"start", "end", "date"}
_LISTS = {"terms", "sessions", "closures"}  # an absent one is named as "is not a list"
_SHAPES = {
    "term": {"strm", "name", "start", "end", "sessions"},
    "session": {"code", "start", "end"},
    "closure": {"date", "why"},
}


class InvalidCalendar(ValueError):
    """The calendar was not loaded; `faults` names everything to correct."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


def calendar_faults(form: object) -> tuple[str, ...]:
    """Sentences that start with the place of the fault; empty when the form can be used."""
    if not isinstance(form, Mapping):
        return ("calendar: is not an object",)
    return (*_head(form), *_terms(form.get("terms")), *_closures(form.get("closures")))


def _head(form: Mapping[str, Any]) -> Iterator[str]:
    yield from _fields("calendar", form, {"version", "terms", "closures"})
    version = form.get("version")
    if "version" in form and (type(version) is not int or version < 1):
        yield "version: is not a whole number from 1"


def _terms(terms: object) -> Iterator[str]:
    if not isinstance(terms, list) or not terms:
        yield "terms: is not a list of at least one term"
        return
    for index, term in enumerate(terms):
        yield from _item("term", f"terms[{index}]", term)
        if isinstance(term, Mapping):
            yield from _sessions(f"terms[{index}]", term)
    yield from _repeated("terms", "strm", terms)
    dated = sorted((span, str(term.get("strm"))) for term in terms if (span := _span(term)))
    for (earlier, one), (later, other) in pairwise(dated):
        if later[0] <= earlier[1]:
            yield f"terms: {one} and {other} overlap"


def _sessions(place: str, term: Mapping[str, Any]) -> Iterator[str]:
    sessions = term.get("sessions")
    if not isinstance(sessions, list):
        yield f"{place}.sessions: is not a list"
        return
    around = _span(term)
    for index, session in enumerate(sessions):
        here = f"{place}.sessions[{index}]"
        yield from _item("session", here, session)
        span = _span(session)
        if around and span and not around[0] <= span[0] <= span[1] <= around[1]:
            yield f"{here}: is outside its term"
    yield from _repeated(f"{place}.sessions", "code", sessions)


def _closures(closures: object) -> Iterator[str]:
    if not isinstance(closures, list):
        yield "closures: is not a list"
        return
    for index, closure in enumerate(closures):
        yield from _item("closure", f"closures[{index}]", closure)
    yield from _repeated("closures", "date", closures)


def _item(shape: str, place: str, item: object) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield f"{place}: is not an object"
        return
    yield from _fields(place, item, _SHAPES[shape])
    for name, value in item.items():
        if name in _TEXT and not (isinstance(value, str) and value.strip()):
            yield f"{place}.{name}: is not a text"
        if name in _DATES and _date(value) is None:
            yield f"{place}.{name}: is not a date like 2026-09-08"
    start, end = _date(item.get("start")), _date(item.get("end"))
    if start and end and end < start:
        yield f"{place}: ends before it starts"


def _fields(place: str, item: Mapping[str, Any], expected: set[str]) -> Iterator[str]:
    yield from (f"{place}.{name}: is missing" for name in sorted(expected - _LISTS - item.keys()))
    yield from (f"{place}.{name}: is not known here" for name in sorted(map(str, item.keys() - expected)))


def _repeated(place: str, name: str, items: list[Any]) -> Iterator[str]:
    values = Counter(str(item[name]) for item in items if isinstance(item, Mapping) and name in item)
    yield from (f"{place}: {name} {value} appears {times} times" for value, times in values.items() if times > 1)


def _span(item: object) -> tuple[date, date] | None:
    if not isinstance(item, Mapping):
        return None
    start, end = _date(item.get("start")), _date(item.get("end"))
    return (start, end) if start and end and start <= end else None


def _date(value: object) -> date | None:
    # Python also reads 20260908 and 2026-W37-2 as dates; the form has one writing.
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
