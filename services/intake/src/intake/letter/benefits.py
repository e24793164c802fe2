"""What may be promised beside the pay: a closed list, since any other word may only say how the pay is paid (R10)."""

import re
from collections.abc import Iterator

from .sentences import Sentences

_BENEFITS = {
    "housing": r"housing|lodging|accommodations?|dorm(?:itory)?|furnished apartment|room and board|rent",
    "meals": r"meals?|lunch(?:es)?|dinners?|breakfasts?|food|dining|cafeteria|board(?= )",
    "transit": r"transit|commut\w+|mbta|t[ -]pass(?:es)?|subway|metro ?card|smartrip|orca card|bus pass(?:es)?|transportation",
    "parking": r"parking",
    "travel": r"travel(?:ing|ling)?|airfare|flights?|mileage",
    "relocation": r"relocat\w+|moving (?:cost|expense|allowance)s?",
    "bonus": r"bonus(?:es)?",
    "equity": r"equity|stock|shares|rsus?|stock options?",
    "tuition": r"tuition",
    "scholarship": r"scholarships?",
    "insurance": r"insurance|medical|dental|health",
    "retirement": r"401 ?\(?k\)?|403 ?\(?b\)?|retirement|pension",
    "phone": r"phone|internet",
    "equipment": r"equipment|laptop|computer",
    "commission": r"commissions?",
    "tips": r"tips|gratuit\w+",
    "overtime": r"overtime",
    "time off": r"vacation|pto|paid time off|paid holidays|sick (?:leave|pay|time|days)",
    "fitness": r"gym|wellness|fitness",
    "books": r"books?|textbooks?",
    "uniform": r"uniforms?",
    "childcare": r"child ?care",
    "per diem": r"per diem",
    "profit sharing": r"profit[ -]sharing",
}
_NAMED = "|".join(rf"(?P<{name.replace(' ', '_')}>{words})" for name, words in _BENEFITS.items())
_BENEFIT = re.compile(rf"\b(?:{_NAMED})(?!\w)", re.IGNORECASE)
_REFUSED_BEFORE = re.compile(
    r"\b(?:no|not|nor|neither|without|excluding|except|cannot|n't)\b[^,;.:]{0,60}$", re.IGNORECASE
)
_REFUSED_AFTER = re.compile(
    r"[^,;.:]{0,40}?\b(?:not|cannot|never)\b (?:\w+ ){0,2}?(?:provid|offer|includ|cover|paid|pay|available|eligible|reimburs|part|suppl)",
    re.IGNORECASE,
)


def benefits_in(typed: str) -> dict[str, str]:
    """The benefits that the words name, each with the word for it."""
    return {benefit: word for benefit, word, _, _ in _named(typed)}


def promised(text: str, sentences: Sentences) -> set[str]:
    """The benefits that the letter gives; "no housing is provided" gives none."""
    return {benefit for benefit, _, start, end in _named(text) if not _refused(text, sentences, start, end)}


def _named(text: str) -> Iterator[tuple[str, str, int, int]]:
    for found in _BENEFIT.finditer(text):
        yield (found.lastgroup or "").replace("_", " "), found[0], found.start(), found.end()


def _refused(text: str, sentences: Sentences, start: int, end: int) -> bool:
    before, after = text[sentences.start(start) : start], text[end : sentences.end(start)]
    return bool(_REFUSED_BEFORE.search(before) or _REFUSED_AFTER.match(after))
