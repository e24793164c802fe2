"""Numbers written in words, as letters write hours and pay ("thirty-seven and a half")."""

import re
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal

from .words import listed

_UNITS = listed(
    "zero one two three four five six seven eight nine ten eleven "
    "twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = dict(zip(listed("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
_VALUES = {word: value for value, word in enumerate(_UNITS)} | _TENS
_ORDINALS = {
    word: value
    for value, word in enumerate(
        listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        start=1,
    )
} | {"thirtieth": 30}
_SCALES = {"hundred": 100, "thousand": 1000}

_WORD = "|".join(sorted([*_VALUES, *_SCALES], key=len, reverse=True))
_FRACTIONS = {"1/2": "5", "1/4": "25", "3/4": "75"}
_NUMBER = re.compile(
    r"(?<![\d/.,])(?P<whole>\d{1,3})[ -](?P<parts>1/2|1/4|3/4)(?![\d/])|"
    rf"\b(?:{_WORD})(?:[\s-]*(?:and )?(?!one[\s-]half)(?:{_WORD}))*(?P<half>[\s-]and[\s-](?:a|one)[\s-]half)?\b"
)
_ORDINAL = re.compile(rf"\b(?:(?P<tens>twenty|thirty)[\s-]?)?(?P<unit>{'|'.join(_ORDINALS)})\b")
_ONE_WORD = re.compile(_WORD)


class Respelled:
    """A text in lower case with its numbers respelled, and where each place of it stands in the text as it was."""

    def __init__(self, text: str, form: re.Pattern[str], respell: Callable[[re.Match[str]], str]) -> None:
        self.original = text
        self._shifts: list[tuple[int, int]] = [(0, 0)]
        self._grown = 0
        self.text = form.sub(lambda found: self._noted(found, respell(found)), text.lower())

    def _noted(self, found: re.Match[str], written: str) -> str:
        self._grown += len(written) - len(found[0])
        self._shifts.append((found.end() + self._grown, self._grown))
        return written

    def at(self, index: int) -> int:
        """The place in the original; one within a respelled number falls near it."""
        after = bisect_right(self._shifts, (index, len(self.text))) - 1
        return min(max(index - self._shifts[after][1], 0), len(self.original))


def digits_in(text: str) -> Respelled:
    """With every number in words as its digits."""
    return Respelled(text, _NUMBER, _in_digits)


def ordinals_in(text: str) -> Respelled:
    """With "the fourteenth" as "the 14th"."""
    return Respelled(text, _ORDINAL, lambda found: f"{_TENS.get(found['tens'], 0) + _ORDINALS[found['unit']]}th")


def with_digits(text: str) -> str:
    """The text, in lower case already, with every number in words or of a fraction replaced by its digits."""
    return _NUMBER.sub(_in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    if found["whole"]:
        return f"{found['whole']}.{_FRACTIONS[found['parts']]}"
    return f"{_value(found):f}"


def _value(run: re.Match[str]) -> Decimal:
    half = run["half"] or ""
    total = part = Decimal(0)
    for word in _ONE_WORD.findall(run[0].removesuffix(half)):
        if word == "thousand":
            total, part = total + max(part, Decimal(1)) * 1000, Decimal(0)
        elif word == "hundred":
            part = max(part, Decimal(1)) * 100
        else:
            part += _VALUES[word]
    return total + part + (Decimal("0.5") if half else 0)
