"""Whether a street in the letter may be the place of the work, or is denied, or is where the student lives (R9)."""

import re
from collections.abc import Iterator

from .numbers import with_digits
from .words import tokens_of

_DENIED = re.compile(r"\b(?:not|never|no longer)\b[^.;,]{0,40}\b(?:at|in|from|to|on)\b[^.;,]{0,25}$", re.IGNORECASE)
_GREETED = re.compile(r"\b(?:dear|hello|hi) [\w .'-]{1,40}[,:] $", re.IGNORECASE)
_GREETING = re.compile(r".{0,70}\b(?:Dear|Hello|Hi|To [Ww]hom)\b")
_NEAR = 120  # characters before an address in which a letterhead names its employer


def street_mentions(street: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the house number stands with the first word of the street's name; none for a street without number."""
    tokens = tokens_of(with_digits(street.casefold()))
    if len(tokens) > 1 and tokens[0].isdigit():
        for found in re.finditer(rf"\b{tokens[0]}\W+(?:\w+\W+)?{re.escape(tokens[1][:4])}\w*", text, re.IGNORECASE):
            yield found.span()


def denied_or_greeted(text: str, sentence: int, at: int) -> bool:
    return bool(_DENIED.search(text[sentence:at]) or _GREETED.search(text[max(0, at - 60) : at]))


def before_greeting(text: str, start: int, end: int, employer: str) -> bool:
    """An address between date and greeting is the student's, unless the employer's name stands over it."""
    if not _GREETING.match(text[end : end + 90]):
        return False
    name = tokens_of(employer)[:1]
    return not name or name[0] not in tokens_of(text[max(0, start - _NEAR) : start])
