"""One letter in the readings that are compared: as it was written, and row by row where that says more."""

import re
from collections.abc import Callable
from functools import cached_property

from .address import address_words
from .dates import Dates, dates_in
from .hours import Hours, hours_in
from .money import Amount, amounts_in_letter
from .sentences import Sentences
from .text import LetterText
from .words import Words, listed, plain, stems

# An English letter holds some of these; without any the file may map its shapes to no letters, or to wrong ones.
_COMMON = frozenset(
    listed(
        "of to you your we our for from in at is will be with as per on a this that offer dear date start hours week position "
        "title location address pay sincerely"
    )
)

# A line that opens with a label is a row of its own, whatever the row before it says; `|` ends a sentence.
_LABELLED_LINE = re.compile(r"\n[ \t]*(?=(?:[-*\u2022] )?[A-Z0-9][\w /()&.'\u2019-]{1,38}?[ \t]?:[ \t])")

_VOWELS = frozenset("aeiouy")
_SPOKEN_SHARE = 0.75


class Reading:
    """The text in one order, with what each fact looks for in it, worked out once."""

    def __init__(self, text: str) -> None:
        self.text = plain(_LABELLED_LINE.sub("\n| ", text))

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
    def stems(self) -> list[str]:
        return stems(self.text)

    @cached_property
    def dates(self) -> Dates:
        return dates_in(self.text, self.sentences)

    @cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.text)

    @cached_property
    def hours(self) -> list[Hours]:
        return hours_in(self.text, self.sentences)

    @cached_property
    def amounts(self) -> list[Amount]:
        return amounts_in_letter(self.text, self.sentences)


_AT_HEAD_OR_FOOT = frozenset({"employer", "letterhead", "mailing_address"})
_SIGNATURES = 0.7  # from here down, a picture is a signature or a seal


def _at_end(page: int, zone: tuple[float, float]) -> bool:
    return (page == 0 and zone[0] < 0.2) or zone[0] > _SIGNATURES


class Letter:
    def __init__(self, text: LetterText) -> None:
        self.layout = text
        self.written = Reading(text.in_written_order())
        rows = Reading(text.row_by_row())
        self.rows = self.written if rows.text == self.written.text else rows
        self.readings = tuple(dict.fromkeys((self.written, self.rows)))

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
        """Whether a picture stands where this fact would: a letterhead's at the head or foot, others between."""
        at_ends = fact in _AT_HEAD_OR_FOOT
        zones = [(number, zone) for number, page in enumerate(self.layout.pages) for zone in page.zones]
        return any(_at_end(number, zone) if at_ends else not _at_end(number, zone) for number, zone in zones)

    def any_reading(self, finds: Callable[[Reading], bool]) -> bool:
        return any(finds(reading) for reading in self.readings)
