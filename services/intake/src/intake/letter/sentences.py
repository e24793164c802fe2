"""Where sentences begin, so that a word counts for its own sentence and a doubt can quote it."""

import re
from bisect import bisect_right

from .words import listed

_ABBREVIATED = "|".join(
    listed(
        "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun mr mrs ms mx dr prof "
        "st ave rd blvd ste regd no inc co corp ltd approx hr hrs wk mt ft jr sr u s n e w"
    )
)
_END = re.compile(
    r"(?:(?<=[a-z0-9%)\]”\"'])[.;!?]+|[•▪●◦])[\"')\]]* (?=[\"'(“]?[A-Z0-9*\-])|\u00b6|[|] (?=[A-Z][\w /()&.'-]{1,38}?:)"  # a value's cell is its label's
)
_ABBREVIATION = re.compile(rf"\b(?:{_ABBREVIATED})\.$", re.IGNORECASE)
_LONGEST_QUOTE = 180


class Sentences:
    def __init__(self, text: str) -> None:
        self._text = text
        ends = (
            found.end() for found in _END.finditer(text) if not _ABBREVIATION.search(text[: found.end()].rstrip()[-8:])
        )
        self._starts = [0, *ends]

    def start(self, index: int) -> int:
        return self._starts[bisect_right(self._starts, index) - 1]

    def end(self, index: int) -> int:
        after = bisect_right(self._starts, index)
        return self._starts[after] if after < len(self._starts) else len(self._text)

    def quote(self, start: int, end: int) -> str:
        """The sentence, or as much of it as surrounds the place, as the letter writes it."""
        first, last = self.start(start), self.end(max(end - 1, start))
        room = max(_LONGEST_QUOTE - (end - start), 0) // 2
        cut_first, cut_last = max(first, start - room), min(last, end + room)
        first = cut_first if cut_first == first else self._text.find(" ", cut_first, start) + 1 or cut_first
        last = cut_last if cut_last == last else max(self._text.rfind(" ", end, cut_last), end)
        return self._text[first:last].strip(" \u00b6|")
