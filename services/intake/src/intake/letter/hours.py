"""Hours of work a week, as number or word, as one number or a range (R6, A14, case 31)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from .clauses import compared, of_the_past
from .hours_roles import is_other, is_perhaps_other
from .numbers import Respelled
from .sentences import Sentences

_NUMBER = r"\d{1,3}(?:\.\d+|,\d{1,2}(?!\d))?"
_VALUE = (
    rf"(?<!\d[:.,])(?<![\d$€£/])(?P<low>{_NUMBER})(?![\d:,']\d)(?: ?\({_NUMBER}\))?"
    rf"(?: ?(?:-|to|and|or|through) ?(?P<high>{_NUMBER})(?: ?\({_NUMBER}\))?)?(?P<more> ?\+| or more\b)?"
)
_IN_HOURS = re.compile(rf"{_VALUE}\)?[ -]?(?:clock |working |work |paid |weekly )?(?P<unit>hours?|hrs?|hpw|h)\b\.?")
_LABEL = re.compile(
    r"(?:\b(?:hours?|hrs?)\.? ?(?:of work |worked |to be worked )?(?:per|/|an?|each|every) ?(?:work ?)?(?:week|wk)\b|\bhours weekly\b"
    r"|\bweekly (?:work(?:ing)? )?(?:hours|hrs|schedule|workload|commitment)\b|\bhours\b(?= ?(?:/ ?[^\W\d_]+ ?)?[:=])|\bhours(?: [a-z]+){1,6} (?:per|a|each|every) week\b(?= ?[:=])"
    rf"|\bhours\b(?=(?: are| is| will be| shall be| of)?[ :=.|\u00b6]*{_NUMBER} ?(?:per|/|an?|each|every) ?(?:work ?)?(?:week|wk)\b))"
    r"(?:[ :=.|\u00b6()*_-]++|/ |\b(?!per\b)[a-z]{2,}\b){0,8}?" + _VALUE
)
_NUMBER_ENDS = re.compile(rf"(?<![\d/.,-]){_NUMBER}\)?[ +-]*$")
_LABEL_ENDS = re.compile(r"[:=]")
_WEEKLY = re.compile(r"\b(?:week|weekly|wk|workweek|hpw)\b")
_BY_THE_WEEK = re.compile(r"[ ,()]*(?:(?:per|/|an?|each|every|in an?) ?)?(?:work ?)?(?:week|wk|weekly)\b")
HOURS_OF_A_WEEK = 168
_OTHER_UNIT = re.compile(
    r"[ ,(]*(?:(?:per|an?|each|every|/|in (?:an?|any)|over) ?)?(?:(?:2|two|other|calendar|\d+-hour) )?"
    r"(?:(?:day|month|year|semester|term|quarter|summer|shift|credit)s?|bi-?weekly|pay ?period|daily|monthly|2 weeks|other week)\b"
    r"|[ ,']*(?:of )?(?:advance |prior )?(?:notice|training|orientation|sleep|leave|vacation)\b|[ ,]*(?:before|prior|in advance|after|ago)\b"
)
_IN_ALL = re.compile(r"\b(?:total(?:ing|ling|s)?(?: of)?|altogether|in all|overall)[: ]*$")
_AT_MOST = re.compile(r"(?:up to|max(?:imum)?\.?(?: of)?|exceed(?:ing)?|no more than|not more than|at most)[: ]*$")
_AT_LEAST = re.compile(
    r"(?:at least|min(?:imum)?\.?(?: of)?|no (?:less|fewer) than|not less than|(?<!no )(?<!not )more than|over)[: ]*$"
)
_ABOUT = re.compile(r"(?:approximately|approx\.?|about|around|roughly|average(?: of)?|avg\.?|estimated)[: ]*$")
_SENTENCE = re.compile(r"[.;!?] (?=[^\d])|\u00b6")
_REACH = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One statement of hours; `at_least` marks a lower bound, `exact` a single number without "up to" or "about".

    `other`: they are no hours of this work. `unclear`: they may be none. `start` and `end` are places of the text.
    """

    low: Decimal
    high: Decimal
    exact: bool
    at_least: bool = False
    weekly: bool = True
    other: bool = False
    unclear: bool = False
    start: int = 0
    end: int = 0


def hours_in(spelled: Respelled, sentences: Sentences) -> list[Hours]:
    """What the letter says about hours a week; a bare "20 hours" counts only where no week is named."""
    stated = [_placed(hours, spelled, sentences) for hours in _stated(spelled.text)]
    return [hours for hours in stated if hours.weekly] or stated


def _stated(text: str) -> Iterator[Hours]:
    yield from _numbers_of_hours(text)
    yield from _labelled_hours(text)


def _placed(hours: Hours, spelled: Respelled, sentences: Sentences) -> Hours:
    start, end = spelled.at(hours.start), spelled.at(hours.end)
    lower = spelled.original.lower()
    before, after = lower[sentences.start(start) : start], lower[end : sentences.end(start)]
    other = hours.other or hours.high > HOURS_OF_A_WEEK or is_other(before, after)
    unclear = (
        is_perhaps_other(before, after)
        or compared(spelled.original, sentences, start, end)
        or of_the_past(lower, sentences, start)
    )
    return replace(hours, start=start, end=end, other=other, unclear=unclear)


def _numbers_of_hours(text: str) -> Iterator[Hours]:
    for found in _IN_HOURS.finditer(text):
        weekly = _same_sentence_names_week(found, text)
        before = text[max(0, found.start() - _REACH) : found.start()]
        in_all = bool(_IN_ALL.search(before)) and not _BY_THE_WEEK.match(text, found.end())
        if not _OTHER_UNIT.match(text, found.end()):
            yield _hours(found, text, weekly=weekly or in_all, other=in_all)


def _labelled_hours(text: str) -> Iterator[Hours]:
    for found in _LABEL.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if _LABEL_ENDS.search(text, found.start(), found.start("low")) or not _NUMBER_ENDS.search(before):
            weekly = _WEEKLY.search(found[0]) or _BY_THE_WEEK.match(text, found.end())
            yield _hours(found, text, weekly=bool(weekly))


def _same_sentence_names_week(found: re.Match[str], text: str) -> bool:
    before = _SENTENCE.split(text[max(0, found.start() - _REACH) : found.start()])[-1]
    after = _SENTENCE.split(text[found.end() : found.end() + _REACH])[0]
    return found["unit"] == "hpw" or bool(_WEEKLY.search(before) or _WEEKLY.search(after))


def _hours(found: re.Match[str], text: str, *, weekly: bool, other: bool = False) -> Hours:
    before = text[max(0, found.start("low") - _REACH) : found.start("low")]
    low = _number(found["low"])
    high = max(low, _number(found["high"] or found["low"]))
    at_least = bool(found["more"] or (_AT_LEAST.search(before) and not found["high"]))
    exact = low == high and not (at_least or _AT_MOST.search(before) or _ABOUT.search(before))
    return Hours(low, high, exact, at_least, weekly, other, start=found.start("low"), end=found.end())


def _number(written: str) -> Decimal:
    """Also with a comma, as in 18,5 hours."""
    return Decimal(written.replace(",", "."))
