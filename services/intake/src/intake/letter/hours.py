"""Hours of work a week, as number or word, as one number or a range (R6, A14, case 31)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .numbers import with_digits

_NUMBER = r"\d{1,3}(?:\.\d+)?"
_VALUE = (
    rf"(?<!\d[:.,])(?<![\d$€£/])(?P<low>{_NUMBER})(?![\d:,]\d)(?: ?\({_NUMBER}\))?"
    rf"(?: ?(?:-|to|and|or|through) ?(?P<high>{_NUMBER})(?: ?\({_NUMBER}\))?)?(?P<more> ?\+| or more\b)?"
)
_IN_HOURS = re.compile(rf"{_VALUE}[ -]?(?:clock |working |work |paid |weekly )?(?P<unit>hours?|hrs?|h)\b\.?")
_LABEL = re.compile(
    r"(?:\b(?:hours?|hrs?)\.? ?(?:of work |worked |to be worked )?(?:per|/|an?|each|every) ?(?:work ?)?(?:week|wk)\b|\bhours weekly\b"
    r"|\bweekly (?:work(?:ing)? )?(?:hours|hrs|schedule|workload|commitment)\b|\bhours\b(?= ?[:=])|\bhours(?: [a-z]+){1,6} (?:per|a|each|every) week\b(?= ?[:=])"
    rf"|\bhours\b(?=[ :=|]*{_NUMBER} ?(?:per|/|an?|each|every) ?(?:work ?)?(?:week|wk)\b))"
    r"(?:[ :=.|()*_-]++|\b(?!per\b)[a-z]{2,}\b){0,8}?" + _VALUE
)
_NUMBER_ENDS = re.compile(rf"(?<![\d/.,-]){_NUMBER}\)?[ +-]*$")
_LABEL_ENDS = re.compile(r"[:=]")
_WEEKLY = re.compile(r"\b(?:week|weekly|wk|workweek)\b")
_OTHER_UNIT = re.compile(
    r"[ ,(]*(?:(?:per|an?|each|every|/|in an?|over) ?)?(?:(?:2|two|other|calendar) )?"
    r"(?:day|month|year|semester|term|quarter|summer|shift|credit|bi-?weekly|pay ?period|daily|monthly|2 weeks|other week)\b"
    r"|[ ,']*(?:of )?(?:advance |prior )?(?:notice|training|orientation|sleep|leave|vacation)\b|[ ,]*(?:before|prior|in advance|after|ago)\b"
)
_IN_ALL = re.compile(r"\btotal(?: of)?[: ]*$")
_AT_MOST = re.compile(r"(?:up to|max(?:imum)?\.?(?: of)?|exceed(?:ing)?|no more than|not more than|at most)[: ]*$")
_AT_LEAST = re.compile(
    r"(?:at least|min(?:imum)?\.?(?: of)?|no (?:less|fewer) than|not less than|more than|over)[: ]*$"
)
_ABOUT = re.compile(r"(?:approximately|approx\.?|about|around|roughly|average(?: of)?|avg\.?|estimated)[: ]*$")
_SENTENCE = re.compile(r"[.;!?] (?=[^\d])")
_REACH = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One statement of hours; `at_least` marks a lower bound, `exact` a single number without "up to" or "about"."""

    low: Decimal
    high: Decimal
    exact: bool
    at_least: bool = False
    weekly: bool = True


def hours_in(text: str) -> list[Hours]:
    """What the letter says about hours a week; a bare "20 hours" counts only where no week is named."""
    text = with_digits(text.casefold())
    stated = [*_numbers_of_hours(text), *_labelled_hours(text)]
    return [hours for hours in stated if hours.weekly] or stated


def _numbers_of_hours(text: str) -> Iterator[Hours]:
    for found in _IN_HOURS.finditer(text):
        weekly = _same_sentence_names_week(found, text)
        in_all = _IN_ALL.search(text[max(0, found.start() - _REACH) : found.start()]) and not weekly
        if not _OTHER_UNIT.match(text, found.end()) and not in_all:
            yield _hours(found, text, weekly=weekly)


def _labelled_hours(text: str) -> Iterator[Hours]:
    for found in _LABEL.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if _LABEL_ENDS.search(text, found.start(), found.start("low")) or not _NUMBER_ENDS.search(before):
            yield _hours(found, text, weekly=bool(_WEEKLY.search(found[0])))


def _same_sentence_names_week(found: re.Match[str], text: str) -> bool:
    before = _SENTENCE.split(text[max(0, found.start() - _REACH) : found.start()])[-1]
    after = _SENTENCE.split(text[found.end() : found.end() + _REACH])[0]
    return bool(_WEEKLY.search(before) or _WEEKLY.search(after))


def _hours(found: re.Match[str], text: str, *, weekly: bool) -> Hours:
    before = text[max(0, found.start("low") - _REACH) : found.start("low")]
    low = Decimal(found["low"])
    high = max(low, Decimal(found["high"] or low))
    at_least = bool(found["more"] or (_AT_LEAST.search(before) and not found["high"]))
    exact = low == high and not (at_least or _AT_MOST.search(before) or _ABOUT.search(before))
    return Hours(low, high, exact=exact, at_least=at_least, weekly=weekly)
