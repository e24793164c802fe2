"""One letter in the readings that are compared: as it was written, and row by row where that says more."""

import re
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate

from .address import address_words
from .dates import Dates, dates_in
from .hours import Hours, hours_in
from .money import Amount, amounts_in_letter
from .numbers import Respelled, digits_in
from .rows import paired, told
from .sentences import Sentences
from .text import LetterText, PlacedLine
from .titles import TitleWord, title_words
from .words import Plain, Words, listed, plain, stems

# An English letter holds some of these; without any the file may map its shapes to no letters, or to wrong ones.
_COMMON = frozenset(
    listed(
        "of to you your we our for from in at is will be with as per on a this that offer dear date start hours week position "
        "title location address pay sincerely"
    )
)

_VOWELS = frozenset("aeiouy")
_SPOKEN_SHARE = 0.75


class Reading:
    """The text in one order, with what each fact looks for in it, worked out once."""

    def __init__(self, text: str) -> None:
        self.text = plain(text)

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def words(self) -> Words:
        return Words(self.text)

    @cached_property
    def address_words(self) -> Words:
        return address_words(self.text)

    @cached_property
    def title_words(self) -> list[TitleWord]:
        return list(title_words(self.text))

    @cached_property
    def stems(self) -> list[str]:
        return stems(self.text)

    @cached_property
    def dates(self) -> Dates:
        return dates_in(self.text, self.sentences)

    @cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.text)

    @cached_property
    def in_digits(self) -> Respelled:
        return digits_in(self.text)

    @cached_property
    def hours(self) -> list[Hours]:
        return hours_in(self.in_digits, self.sentences)

    @cached_property
    def amounts(self) -> list[Amount]:
        return amounts_in_letter(self.in_digits, self.sentences)


_AT_HEAD_OR_FOOT = frozenset({"employer", "letterhead", "mailing_address"})
_HEAD, _FOOT = 0.2, 0.9
_SIGNATURES = 0.7  # from here down, a picture is a signature or a seal
_BODY = 0.1  # of the page: a picture that reaches so far from the head holds more than a letterhead

# What is written where a fact stands: words read from a picture that hold none of these say nothing of it.
_CUES = {
    "employer": r"\w{3}",
    "letterhead": r"\w{3}",
    "mailing_address": r"\d",
    "job_title": r"title|position|role|intern|co-?op|assistant|analyst|engineer|trainee|fellow|research",
    "duties": r"dut(?:y|ies)|responsib|task|you will|project|work|\b(?:\w+ ){7}",
    "hours_per_week": r"hour|hrs|h/w|week|time|schedule",
    "start_date": r"\d{2}|start|begin|commenc|from|date",
    "end_date": r"\d{2}|end|until|through|conclu|date",
    "location": r"\d+ \w|location|office|site|place|remote|work",
    "compensation": r"[$€£₹¥]|\bpa(?:y|id)|salar|wage|stipend|compens|rate|per hour|usd|eur",
}


def _at_end(page: int, zone: tuple[float, float]) -> bool:
    return (page == 0 and zone[0] < _HEAD) or zone[0] > _SIGNATURES or zone[1] > _FOOT


def _in_body(page: int, zone: tuple[float, float]) -> bool:
    begins = _HEAD if page == 0 else 0.0
    return begins <= zone[0] <= _SIGNATURES or min(zone[1], _SIGNATURES) - max(zone[0], begins) > _BODY


def signs(text: str) -> int:
    return sum(map(str.isalnum, text))


class Letter:
    def __init__(self, text: LetterText) -> None:
        self.layout = text
        self.written = Reading(told(text.in_order()))
        rows = Reading(paired(told(text.row_by_row())))
        self.rows = self.written if rows.text == self.written.text else rows
        self.readings = tuple(dict.fromkeys((self.written, self.rows)))

    @cached_property
    def lines(self) -> list[PlacedLine]:
        """In the order of the written reading."""
        return self.layout.in_order()

    @cached_property
    def line_starts(self) -> list[int]:
        """How many letters and digits stand before each line, and in all."""
        return list(accumulate(map(signs, self.plain_lines), initial=0))

    @cached_property
    def plain_lines(self) -> list[Plain]:
        return [plain(one.line.text) for one in self.lines]

    @property
    def legible(self) -> bool:
        """English, or else words that can be spoken: a file of other words is read, too, and lacks every fact."""
        tokens = self.written.words.tokens
        words = [token for token in tokens if token.isalpha() and len(token) > 1]
        spoken = [word for word in words if not _VOWELS.isdisjoint(word)]
        return not _COMMON.isdisjoint(tokens) or len(spoken) > _SPOKEN_SHARE * len(words)

    @property
    def partly_pictures(self) -> bool:
        return any(page.picture for page in self.layout.pages)

    @property
    def hidden(self) -> bool:
        return any(page.hidden for page in self.layout.pages)

    @property
    def unread(self) -> bool:
        return any(page.unread for page in self.layout.pages)

    def may_show(self, fact: str) -> bool:
        """Whether a picture stands where this fact would, a letterhead's at the head or foot, others between; or whether
        one was read, perhaps wrongly, that speaks of it.
        """
        there = _at_end if fact in _AT_HEAD_OR_FOOT else _in_body
        zones = [(number, zone) for number, page in enumerate(self.layout.pages) for zone in page.zones]
        if any(there(number, zone) for number, zone in zones):
            return True
        seen = (line.text for page in self.layout.pages for line in page.lines if line.seen)
        return any(re.search(_CUES[fact], text, re.IGNORECASE) for text in seen)

    def any_reading(self, finds: Callable[[Reading], bool]) -> bool:
        return any(finds(reading) for reading in self.readings)
