"""Calendar dates in any usual writing, and which of them a letter states exactly (R7, R8, case 30)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .date_forms import BETWEEN, FORMS, ISO, MONTHS, NUMERIC, VAGUE_AFTER, VAGUE_BEFORE
from .date_roles import Role, Span, roles_of
from .numbers import ordinals_in
from .sentences import Sentences
from .words import last_match

_REACH = 60  # characters on either side in which a word can make a date vague
_SEASON_YEAR = re.compile(
    r"\b(?:(?:spring|summer|fall|autumn|winter|january|internship|term|semester|season|program) (?:of )?(?P<after>20\d\d)"
    r"|(?P<before>20\d\d) (?:spring|summer|fall|autumn|winter|internship|term|semester|season|program))\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One date of the letter; `start` and `end` are places of its text. `doubt` says why it may be another day."""

    start: int
    end: int
    day: date
    vague: bool
    role: Role = Role.UNKNOWN
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    exact: frozenset[date]
    vague: frozenset[date]
    mentions: tuple[Mention, ...] = ()

    @property
    def mentioned(self) -> frozenset[date]:
        return self.exact | self.vague


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as it stands there; `either`: day and month may be the other way round."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    either: bool = False


def dates_in(text: str, sentences: Sentences | None = None) -> Dates:
    """`text` is plain; a date counts as vague only if the letter nowhere states it exactly."""
    spelled = ordinals_in(text)
    written = sorted(_mentions(spelled.text), key=lambda one: (one.start, one.end))
    mentions = [
        Mention(spelled.at(one.start), spelled.at(one.end), day, _is_vague(spelled.text, one), doubt=doubt)
        for one, day, doubt in _dated(spelled.text, written)
    ]
    spans = list(dict.fromkeys(Span(one.start, one.end) for one in mentions))
    inside = _inside_ranges(mentions)
    roles = dict(zip(spans, roles_of(text.lower(), sentences or Sentences(text), spans), strict=True))
    told = tuple(replace(one, role=inside.get(id(one)) or roles[Span(one.start, one.end)]) for one in mentions)
    exact = frozenset(one.day for one in told if not one.vague)
    return Dates(exact, frozenset(one.day for one in told) - exact, told)


def _inside_ranges(mentions: list[Mention]) -> dict[int, Role]:
    """A range such as "September 14 - 18, 2026" is read as one: its first day starts it and its last ends it."""
    at: dict[Span, list[Mention]] = {}
    for one in mentions:
        if not one.doubt:
            at.setdefault(Span(one.start, one.end), []).append(one)
    pairs = (pair for pair in at.values() if len(pair) == 2)
    return {id(one): role for pair in pairs for one, role in zip(pair, (Role.START, Role.END), strict=True)}


def _mentions(text: str) -> Iterator[_Written]:
    unread = text
    day_first = _writes_day_first(text)
    for form in FORMS:
        found = list(form.finditer(unread))
        for match in found:
            unread = unread[: match.start()] + "\0" * len(match[0]) + unread[match.end() :]
        for match in found:
            yield from _read(match, day_first=day_first)


def _writes_day_first(text: str) -> bool | None:
    """Whether a date such as 14/9/2026 or 9/14/2026 shows which of the two this letter writes first; None: none does."""
    for found in NUMERIC.finditer(text):
        first, second = int(found["a"]), int(found["b"])
        if (first > 12) != (second > 12):
            return first > 12
    return None


def _read(found: re.Match[str], *, day_first: bool | None) -> Iterator[_Written]:
    parts = found.groupdict()
    written = parts.get("year") or parts.get("short")
    year = (int(written.strip("'")) % 2000 + 2000) if written else None
    if "month" in parts:
        months, days = MONTHS.index(parts["month"][:3]) + 1, [parts["day"], parts.get("last")]
        yield from (_Written(*found.span(), year, months, int(day)) for day in days if day)
        return
    first, second = int(parts["a"]), int(parts["b"])
    iso = found.re is ISO
    if iso:
        yield _Written(*found.span(), year, first, second)
        return
    either = day_first is None and found["sign"] == "." and max(first, second) <= 12 and first != second
    if first > 12 or (day_first and second <= 12):
        first, second = second, first
    yield _Written(*found.span(), year, first, second, either)
    if either:
        yield _Written(*found.span(), year, second, first, either)


def _dated(text: str, written: list[_Written]) -> Iterator[tuple[_Written, date, str]]:
    """Each with its day and why that may be wrong; a range states its year at either end, a season before it."""
    before: date | None = None
    for number, one in enumerate(written):
        following = next((later for later in written[number + 1 :] if later.start >= one.end), None)
        previous = (
            next((earlier for earlier in written[number - 1 :: -1] if earlier.end <= one.start), None)
            if number
            else None
        )
        day, doubt = _day(one, one.year), _EITHER if one.either else ""
        if day is None and following and following.year and _joined(text[one.end : following.start]):
            day = _day(one, following.year)
            if day and (following.month, following.day) < (one.month, one.day):
                day = _day(one, following.year - 1)
        if day is None and one.year is None and before and previous and _joined(text[previous.end : one.start]):
            day, doubt = _next(one, before), _NO_YEAR
        if day is None and one.year is None and (season := _season_year(text, one)):
            day, doubt = _day(one, season), _NO_YEAR
        if day:
            before = day
            yield one, day, doubt


_EITHER = "day and month can be read either way"
_NO_YEAR = "its year stands elsewhere"


def _next(one: _Written, after: date) -> date | None:
    day = _day(one, after.year)
    return day if day is None or day >= after else _day(one, after.year + 1)


def _season_year(text: str, one: _Written) -> int | None:
    found = last_match(_SEASON_YEAR.finditer(text, max(0, one.start - 2 * _REACH), one.start))
    return int(found["after"] or found["before"]) if found else None


def _joined(between: str) -> bool:
    """Whether "September 14 … December 11, 2026" is one range that states its year once."""
    return (
        len(between) < _REACH and not re.search(r"\d", between) and BETWEEN.issuperset(re.findall(r"[a-z]+", between))
    )


def _day(one: _Written, year: int | None) -> date | None:
    try:
        return date(year, one.month, one.day) if year else None
    except ValueError:
        return None


def _is_vague(text: str, one: _Written) -> bool:
    before = text[max(0, one.start - _REACH) : one.start]
    return bool(VAGUE_BEFORE.search(before) or VAGUE_AFTER.match(text, one.end, one.end + _REACH))
