"""Calendar dates in any usual writing, and which of them a letter states exactly (R7, R8, case 30)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .date_forms import BETWEEN, FORMS, ISO, MONTHS, NUMERIC, VAGUE_AFTER, VAGUE_BEFORE
from .numbers import with_ordinals

_REACH = 60  # characters on either side in which a word can make a date vague


@dataclass(frozen=True, slots=True)
class Dates:
    exact: frozenset[date]
    vague: frozenset[date]

    @property
    def mentioned(self) -> frozenset[date]:
        return self.exact | self.vague


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    year: int | None
    month: int
    day: int


def dates_in(text: str) -> Dates:
    """`text` is plain; a date counts as vague only if the letter nowhere states it exactly."""
    text = with_ordinals(text.casefold())
    exact: set[date] = set()
    vague: set[date] = set()
    for mention, day in _dated(text, sorted(_mentions(text), key=lambda mention: mention.start)):
        (vague if _is_vague(text, mention) else exact).add(day)
    return Dates(frozenset(exact), frozenset(vague - exact))


def _mentions(text: str) -> Iterator[_Mention]:
    unread = text
    day_first = _writes_day_first(text)
    for form in FORMS:
        found = list(form.finditer(unread))
        unread = form.sub(lambda read: "~" * len(read[0]), unread)
        for match in found:
            yield from _read(match, day_first=day_first)


def _writes_day_first(text: str) -> bool:
    """Whether a date such as 14/9/2026 shows that this letter writes the day before the month."""
    return any(int(found["a"]) > 12 >= int(found["b"]) for found in NUMERIC.finditer(text))


def _read(found: re.Match[str], *, day_first: bool) -> Iterator[_Mention]:
    parts = found.groupdict()
    written = parts.get("year") or parts.get("short")
    year = (int(written.strip("'")) % 2000 + 2000) if written else None
    if "month" in parts:
        months, days = MONTHS.index(parts["month"][:3]) + 1, [parts["day"], parts.get("last")]
        yield from (_Mention(*found.span(), year, months, int(day)) for day in days if day)
        return
    first, second = int(parts["a"]), int(parts["b"])
    iso = found.re is ISO
    if not iso and (first > 12 or (day_first and second <= 12)):
        first, second = second, first
    yield _Mention(*found.span(), year, first, second)


def _dated(text: str, mentions: list[_Mention]) -> Iterator[tuple[_Mention, date]]:
    for mention, following in pairwise([*mentions, None]):
        assert mention is not None
        day = _day(mention, mention.year)
        if day is None and following and following.year and _joined(text[mention.end : following.start]):
            day = _day(mention, following.year)
            if day and (following.month, following.day) < (mention.month, mention.day):
                day = _day(mention, following.year - 1)
        if day:
            yield mention, day


def _joined(between: str) -> bool:
    """Whether "September 14 … December 11, 2026" is one range that states its year once."""
    return (
        len(between) < _REACH and not re.search(r"\d", between) and BETWEEN.issuperset(re.findall(r"[a-z]+", between))
    )


def _day(mention: _Mention, year: int | None) -> date | None:
    try:
        return date(year, mention.month, mention.day) if year else None
    except ValueError:
        return None


def _is_vague(text: str, mention: _Mention) -> bool:
    before = text[max(0, mention.start - _REACH) : mention.start]
    return bool(VAGUE_BEFORE.search(before) or VAGUE_AFTER.match(text, mention.end, mention.end + _REACH))
