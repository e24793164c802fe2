"""Amounts of pay with their unit of time, in any usual writing (R10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .numbers import with_digits

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NAMES = r"us dollars?|dollars?|usd|cad|euros?|eur|€|pounds?|gbp|£|rupees|inr|yen|jpy|cny|chf"
_SIGNS = rf"us ?\$|usd ?\$|c(?:a|ad)? ?\$|[$€£₹¥]|{_NAMES}"
_CURRENCIES = {
    "$": "us cad usd dollar c$ ca$ $",
    "€": "eur €",
    "£": "gbp pound £",
    "₹": "inr rupee ₹",
    "¥": "jpy yen ¥",
}
_EACH = r"(?:\b(?:per|an?|each|every|p) ?[/:]? ?|/ ?)(?:working |calendar )?"
_UNITS = {
    "hour": rf"{_EACH}(?:hours?|hrs?|h)\b|\bhourly\b|\bph\b",
    "day": rf"{_EACH}days?\b|\bdaily\b",
    "two weeks": rf"{_EACH}(?:(?:2|other) weeks|other week|pay ?period)\b|\bbi-?weekly\b|\bfortnightly\b",
    "week": rf"{_EACH}(?:weeks?|wk)\b|(?<!bi-)\bweekly\b",
    "half month": r"\bsemi-?monthly\b",
    "month": rf"{_EACH}(?:months?|mo|mth)\b|(?<!semi-)\bmonthly\b",
    "year": rf"{_EACH}(?:years?|yr|annum)\b|\byearly\b|\bannual(?:ly|i[sz]ed)?\b|\bpa\b",
    "term": rf"{_EACH}(?:term|semester)\b",
}
_UNIT = {unit: re.compile(form) for unit, form in _UNITS.items()}
_NO_DIGIT_BEFORE = r"(?<![\w.,/-])"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<sign>{_SIGNS}) ?(?P<signed>{_NUMBER})(?P<k> ?k\b)?"
    rf"|{_NO_DIGIT_BEFORE}(?P<named>{_NUMBER})(?: ?\({_NUMBER}\))?(?P<thousand> ?k)? ?(?P<name>{_NAMES})(?!\w)"
    rf"|{_NO_DIGIT_BEFORE}(?P<percent>{_NUMBER}) ?(?:%|percent\b)"
    rf"|(?P<label>\b(?:hourly|weekly|monthly|annual|yearly) (?:base )?(?:pay )?(?:rate|wage|salary|pay)(?: of pay)? ?[:=] ?)"
    rf"(?P<labelled>{_NUMBER})(?![\w-])"
    rf"|{_NO_DIGIT_BEFORE}(?P<bare>{_NUMBER}) ?(?={'|'.join(_UNITS.values())})"
)
_PHRASE_END = re.compile(r"[.,;!?](?: |$)|\n| and | plus ")
_REACH = 60  # characters between an amount and its unit


@dataclass(frozen=True, slots=True)
class Amount:
    value: Decimal
    currency: str
    units: frozenset[str]

    def states(self, typed: "Amount") -> bool:
        return (
            self.value == typed.value
            and (not self.currency or not typed.currency or self.currency == typed.currency)
            and (not typed.units or bool(self.units & typed.units))
        )


def amounts_in_letter(text: str) -> list[Amount]:
    """Each amount with every unit near it, since a table may name the unit before, after or above."""
    return [
        _amount(found, _units(before[-_REACH:]) | _units(after[:_REACH])) for before, found, after in _amounts(text)
    ]


def typed_amounts(text: str) -> list[Amount]:
    """Each amount with the unit that its own phrase gives it."""
    return [
        _amount(found, _units(_PHRASE_END.split(after)[0]) or _units(_PHRASE_END.split(before)[-1]))
        for before, found, after in _amounts(text)
    ]


def _amounts(text: str) -> Iterator[tuple[str, re.Match[str], str]]:
    """Every amount with the text between it and its neighbors."""
    text = with_digits(text.casefold())
    found = list(_AMOUNT.finditer(text))
    starts = [match.start() for match in found[1:]] + [len(text)]
    ends = [0] + [match.end() for match in found]
    for match, previous, following in zip(found, ends, starts, strict=False):
        label = match["label"] or ""
        yield text[previous : match.start() + len(label)], match, text[match.end() : following]


def _units(text: str) -> frozenset[str]:
    return frozenset(unit for unit, form in _UNIT.items() if form.search(text))


def _amount(found: re.Match[str], units: frozenset[str]) -> Amount:
    number = found["signed"] or found["named"] or found["percent"] or found["labelled"] or found["bare"]
    scale = 1000 if found["k"] or found["thousand"] else 1
    return Amount(Decimal(number.replace(",", "")) * scale, _currency(found), units)


def _currency(found: re.Match[str]) -> str:
    written = (found["sign"] or found["name"] or "").replace(" ", "")
    if found["percent"]:
        return "%"
    return next(
        (sign for sign, names in _CURRENCIES.items() if any(written.startswith(n) for n in names.split())), written
    )
