"""Bars and moments as lengths in percent, for charts whose numbers are in a table below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_TOP = 82.0  # percent of the height that the highest bar takes; its number stands above


@dataclass(frozen=True)
class Bar:
    """One bar with its label; all lengths in percent."""

    label: str
    value: float
    shown: str
    left: float
    width: float
    top: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.left + self.width / 2, 2)


def bars(values: Sequence[tuple[str, float | None, str]]) -> list[Bar]:
    """From (label, value, the value in words); an absent value is an empty place."""
    highest = max((value for _, value, _ in values if value), default=0) or 1
    step = 100 / max(len(values), 1)
    return [_bar(place, step, highest, *one) for place, one in enumerate(values)]


def _bar(place: int, step: float, highest: float, label: str, value: float | None, shown: str) -> Bar:
    height = round(_TOP * (value or 0) / highest, 2)
    return Bar(label, value or 0, shown, round(place * step + step * 0.2, 2), round(step * 0.6, 2), 90 - height, height)


@dataclass(frozen=True)
class Moment:
    """`at` in percent of the line; moments keep their order and a distance that their labels need."""

    label: str
    when: datetime
    at: float


def moments(known: Sequence[tuple[str, datetime | None]]) -> list[Moment]:
    """In the order given, evenly apart: minutes and weeks on one scale would hide one or the other."""
    found = [(label, when) for label, when in known if when is not None]
    step = 100 / max(len(found), 1)
    return [Moment(label, when, round(place * step + step * 0.06, 2)) for place, (label, when) in enumerate(found)]
