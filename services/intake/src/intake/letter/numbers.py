"""Numbers written in words, as letters write hours and pay ("thirty-seven and a half")."""

import re
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
_RUN = re.compile(
    rf"\b(?:{_WORD})(?:[\s-]*(?:and )?(?:{_WORD}))*(?P<half>[\s-]and[\s-]a[\s-]half|[\s-]and[\s-]one[\s-]half)?\b"
)
_ORDINAL = re.compile(rf"\b(?:(?P<tens>twenty|thirty)[\s-]?)?(?P<unit>{'|'.join(_ORDINALS)})\b")
_ONE_WORD = re.compile(_WORD)


def with_digits(text: str) -> str:
    """The text, in lower case already, with every number in words replaced by its digits."""
    return _RUN.sub(lambda run: f"{_value(run):f}", text)


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


def with_ordinals(text: str) -> str:
    """The text, in lower case already, with "the fourteenth" as "the 14th"."""
    return _ORDINAL.sub(lambda found: f"{_TENS.get(found['tens'], 0) + _ORDINALS[found['unit']]}th", text)
