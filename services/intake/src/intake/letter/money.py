"""Amounts of pay with their unit of time, in any usual writing (R10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from .currencies import NUMBER, SIGNS, SPACED_NUMBER, currency_of, number_of
from .numbers import Respelled, digits_in
from .sentences import Sentences

_EACH = r"(?:\b(?:per|an?|each|every|p) ?[/:]? ?|/ ?)(?:working |calendar )?"
_UNITS = {
    "half month": r"\bsemi-?monthly\b|\b(?:twice|two times|2 times) (?:an? |per |each |every )?month(?:ly)?\b"
    r"|\b(?:1st|15th) and (?:the )?(?:15th|last)\b",
    "two weeks": rf"{_EACH}(?:(?:2|other) weeks|other week|pay ?period)\b|\bbi-?weekly\b|\bfortnightly\b",
    "hour": rf"{_EACH}(?:hours?|hrs?|h)\b|\bhourly\b|\bph\b",
    "day": rf"{_EACH}days?\b|\bdaily\b",
    "week": rf"{_EACH}(?:weeks?|wk)\b|(?<!bi-)\bweekly\b",
    "month": rf"{_EACH}(?:months?|mo|mth)\b|(?<!semi-)\bmonthly\b",
    "year": rf"{_EACH}(?:years?|yr|annum)\b|\byearly\b|\bannual(?:ly|i[sz]ed)?\b|\bpa\b",
    "term": rf"{_EACH}(?:term|semester)\b",
}
_PIECES = {
    "share": rf"{_EACH}shares?\b",
    "mile": rf"{_EACH}(?:miles?|kilometers?|km)\b",
    "session": rf"{_EACH}(?:session|class|lesson|visit|shift)\b",
    "piece": rf"{_EACH}(?:piece|unit|item|page|word|article|project)\b",
}
_A_YEAR = {"half month": 24, "two weeks": 26, "hour": 2080, "day": 260, "week": 52, "month": 12}
_UNIT = re.compile("|".join(f"(?P<{unit.replace(' ', '_')}>{form})" for unit, form in (_UNITS | _PIECES).items()))
_NO_DIGIT_BEFORE = r"(?<![\w.,/-])"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<sign>{SIGNS}) ?(?P<signed>{SPACED_NUMBER})(?P<k> ?k\b)?"
    rf"|{_NO_DIGIT_BEFORE}(?P<named>{SPACED_NUMBER})(?: ?\({NUMBER}\))?(?P<thousand> ?k)? ?(?P<name>{SIGNS})(?!\w)"
    rf"|{_NO_DIGIT_BEFORE}(?P<percent>{NUMBER}) ?(?:%|percent\b)"
    rf"|(?P<label>\b(?:hourly|weekly|monthly|annual|yearly) (?:base )?(?:pay )?(?:rate|wage|salary|pay)(?: of pay)? ?(?:[:=] ?|(?=\d+\.\d\d\b)))"
    rf"(?P<labelled>{NUMBER})(?![\w-])"
    rf"|(?:{_NO_DIGIT_BEFORE}|(?<=\d-))(?!20[23]\d\b)(?P<bare>{NUMBER}) ?(?={'|'.join(_UNITS.values())})"
)
_TO = re.compile(r" ?(?:-|to|and|through) ?$")
_NOT_PAY = re.compile(
    r"\b(?:hours?|hrs?|h|days?|shifts?)(?: of work| worked)? ?(?:per|/|an?|each|every) ?(?:week|wk|day|month|pay ?period|year)\b"
)
_COUNTED = re.compile(r"\b(?:hours?|hrs|schedule|workload|shifts?|time)\b(?:[^;.$]|\.\d){0,20}$")
_PAYMENTS = re.compile(r" ?(?:[\w-]+ )?(?:payments?|installments?|instalments?|paychecks?)\b")
_PHRASE_END = re.compile(r"[.,;!?](?: |$)|\u00b6|\n| and | plus ")
_SENTENCE_END = re.compile(r"[.;!?] |\u00b6")
_OF_NEXT = re.compile(
    r"(?:bi-?|semi-?)?(?:hourly|daily|weekly|monthly|yearly|annual)(?: [a-z]+){1,4}[ :=|]*$"
)  # "Monthly stipend $500"
_PAID_OUT = re.compile(r"\b(?:payable|paid|disbursed)\b")
_DIRECT = 25  # characters after an amount in which its own unit begins
_REACH = 60  # characters between an amount and its unit elsewhere


@dataclass(frozen=True, slots=True)
class Amount:
    """`units` is empty where none is named. `start` and `end` are places of the text; `ranged`: one end of "A to B"."""

    value: Decimal
    currency: str
    units: frozenset[str]
    start: int = 0
    end: int = 0
    ranged: bool = False

    def states(self, typed: "Amount") -> bool:
        return (
            self.value == typed.value
            and (not self.currency or not typed.currency or self.currency == typed.currency)
            and (not typed.units or bool(self.units & typed.units))
        )

    def in_a_year(self) -> int:
        """What full-time work comes to in a year, to see whether two amounts are the same pay."""
        return round(self.value * max((_A_YEAR.get(unit, 1) for unit in self.units), default=1))


def amounts_in_letter(spelled: Respelled, sentences: Sentences) -> list[Amount]:
    """Each amount with its unit, which a table may name before, after or above; one in another sentence is not its."""
    return list(_ranged(list(_amounts(spelled, sentences))))


def typed_amounts(text: str) -> list[Amount]:
    """Each amount with the unit that its own phrase gives it."""
    spelled = digits_in(text)
    return list(_ranged(list(_amounts(spelled, None))))


def _ranged(amounts: list[tuple[Amount, str]]) -> Iterator[Amount]:
    """The lower end of "$24 to $26 per hour" has the unit of the upper one."""
    for index, (amount, after) in enumerate(amounts):
        opens = bool(_TO.fullmatch(after)) and index + 1 < len(amounts)
        closes = index > 0 and bool(_TO.fullmatch(amounts[index - 1][1]))
        units = amount.units or (amounts[index + 1][0].units if opens else amount.units)
        yield replace(amount, units=units, ranged=opens or closes)


def _amounts(spelled: Respelled, sentences: Sentences | None) -> Iterator[tuple[Amount, str]]:
    """Every amount, and the text between it and the next one."""
    text = spelled.text
    found = [one for one in _AMOUNT.finditer(text) if not _counts_hours(one, text)]
    free = 0  # where the text begins that no earlier amount's unit has taken
    for index, match in enumerate(found):
        following = found[index + 1].start() if index + 1 < len(found) else len(text)
        label, after = match["label"] or "", text[match.end() : following]
        before = text[max(free, match.start() - _REACH) : match.start() + len(label)]
        unit, taken = _unit(before, after, typed=sentences is None)
        free = match.end() + taken
        place = spelled.at(match.start() + len(label)), spelled.at(match.end())
        yield Amount(_value(match), _currency(match), unit, *place), after


def _counts_hours(found: re.Match[str], text: str) -> bool:
    """Whether a bare number counts hours, shifts or payments, as in "Hours: 40/week"."""
    bare = found["bare"]
    before = text[max(0, found.start() - _DIRECT) : found.start()]
    return (
        bool(bare)
        and not re.search(r"\.\d\d", bare)
        and bool(_COUNTED.search(before) or _PAYMENTS.match(text, found.end()))
    )


def _unit(before: str, after: str, *, typed: bool) -> tuple[frozenset[str], int]:
    """Its unit, and how much of the text behind it that unit takes: the next after it, else the last before it."""
    after = _NOT_PAY.sub(lambda other: "~" * len(other[0]), after)
    before = _NOT_PAY.sub(lambda other: "~" * len(other[0]), before)
    end = _PHRASE_END if typed else _SENTENCE_END
    behind, ahead = end.split(after)[0][:_REACH], end.split(before)[-1]
    following = _UNIT.search(behind)
    if following and following.start() <= _DIRECT and not _of_another(behind, following.start(), typed=typed):
        return _named(following), following.end()
    preceding = list(_UNIT.finditer(ahead))
    if preceding:
        return _named(preceding[-1]), 0
    if following is None and not typed:
        following = _UNIT.search(after[:_REACH])
    return (_named(following), 0) if following else (frozenset(), 0)


def _of_another(behind: str, at: int, *, typed: bool) -> bool:
    """A label of the next amount, or how often the pay of another unit is paid out."""
    return not typed and bool(_OF_NEXT.match(behind, at) or _PAID_OUT.search(behind[:at]))


def _named(unit: re.Match[str]) -> frozenset[str]:
    return frozenset({(unit.lastgroup or "").replace("_", " ")})


def _value(found: re.Match[str]) -> Decimal:
    number = found["signed"] or found["named"] or found["percent"] or found["labelled"] or found["bare"]
    return number_of(number) * (1000 if found["k"] or found["thousand"] else 1)


def _currency(found: re.Match[str]) -> str:
    return "%" if found["percent"] else currency_of(found["sign"] or found["name"] or "")
