"""Where on its page the letter states a fact, so that a person finds it at a glance (R2-R11)."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from .date_roles import Role
from .facts import Address, TypedFacts
from .money import typed_amounts
from .place_roles import led_to, street_mentions
from .reading import Letter, Reading, signs
from .report import Spot
from .text import PlacedLine
from .titles import mentions
from .who import name_mentions
from .words import overlap, plain, stems

Span = tuple[int, int]
_MOST = 4  # places of one fact
_DUTIES = 0.25  # of the duties' words in one line


def spots_of(fact: str, letter: Letter, typed: TypedFacts) -> tuple[Spot, ...]:
    """The lines that state a fact which was found, in the letter's order; some facts have no one place."""
    reading = letter.written
    if fact == "duties":
        return tuple(map(_spot, _lines_of_duties(typed, letter)))[:_MOST]
    found = sorted(set(_SPANS[fact](reading, typed)))
    told = dict.fromkeys(_line_at(span, letter) for span in found)
    return tuple(_spot(one) for one in told if one)[:_MOST]


def _line_at(span: Span, letter: Letter) -> PlacedLine | None:
    """By the letters and digits before it: joining lines leaves these as they are."""
    at = bisect_right(letter.line_starts, signs(letter.written.text[: span[0]])) - 1
    return letter.lines[at] if 0 <= at < len(letter.lines) else None


def _spot(one: PlacedLine) -> Spot:
    line = one.line
    return Spot(one.page, one.number, line.text[:200], line.top, line.left, line.bottom, line.right)


def _employer(reading: Reading, typed: TypedFacts) -> Iterator[Span]:
    yield from list(name_mentions(typed.employer, reading.text))[:1]


def _mailing(reading: Reading, typed: TypedFacts) -> Iterable[Span]:
    return _address(typed.mailing_address, reading)[:1]


def _address(place: Address, reading: Reading) -> list[Span]:
    """Where its street stands; a street without a number is looked for by postal code or city."""
    if spans := list(street_mentions(place.street, reading.text)):
        return spans
    part = re.escape(plain(place.postal_code or place.city))
    return [found.span() for found in re.finditer(rf"\b{part}\b", reading.text)] if part else []


def _locations(reading: Reading, typed: TypedFacts) -> Iterator[Span]:
    for place in typed.work_locations:
        yield from _location(reading, place)


def _location(reading: Reading, place: Address) -> list[Span]:
    """Where a sentence leads to it, else where it stands last."""
    spans = _address(place, reading)
    led = [one for one in spans if led_to(reading.text, reading.sentences.start(one[0]), one[0])]
    return led[:1] or spans[-1:]


def _title(reading: Reading, typed: TypedFacts) -> list[Span]:
    found = [
        m
        for m in mentions(plain(typed.job_title), reading.text, reading.title_words, reading.sentences)
        if not m.others
    ]
    best = [one for one in found if one.same and one.told] or found
    return [(one.start, one.end) for one in best[:1]]


def _hours(reading: Reading, typed: TypedFacts) -> Iterator[Span]:
    own = (hours for hours in reading.hours if not hours.other)
    yield from ((one.start, one.end) for one in own if typed.hours_per_week in {one.low, one.high})


def _dates(reading: Reading, typed: TypedFacts, role: Role) -> list[Span]:
    wanted = typed.start_date if role is Role.START else typed.end_date
    told = [one for one in reading.dates.mentions if one.day == wanted and not one.vague]
    return [(one.start, one.end) for one in [m for m in told if m.role is role] or told]


def _pay(reading: Reading, typed: TypedFacts) -> Iterator[Span]:
    for amount in typed_amounts(plain(typed.compensation)):
        stated = [one for one in reading.amounts if one.states(amount)]
        yield from ((one.start, one.end) for one in stated[:1])


def _lines_of_duties(typed: TypedFacts, letter: Letter) -> Iterator[PlacedLine]:
    wanted = stems(typed.duties)
    for one, written in zip(letter.lines, letter.plain_lines, strict=True):
        told = stems(written)
        if overlap(wanted, told, len(told) or 1) >= _DUTIES:
            yield one


_SPANS: dict[str, Callable[[Reading, TypedFacts], Iterable[Span]]] = {
    "employer": _employer,
    "letterhead": _employer,
    "mailing_address": _mailing,
    "job_title": _title,
    "hours_per_week": _hours,
    "start_date": lambda reading, typed: _dates(reading, typed, Role.START),
    "end_date": lambda reading, typed: _dates(reading, typed, Role.END),
    "location": _locations,
    "compensation": _pay,
}
