"""The business days of a request on a small calendar: received, one to five, due (R50, A7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cpt.campus.business_days import is_business_day

Kind = Literal["out", "received", "counted", "due", "closed"]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Square:
    """`note` is said below the number of the day; `today` is marked."""

    day: date
    kind: Kind
    note: str = ""
    today: bool = False


def due_weeks(received: date, due: date, today: date, closures: Mapping[date, str]) -> list[list[Square]]:
    """Weeks from Sunday to Saturday, the first with the day of receipt, the last with the due date."""
    first = received - timedelta(days=(received.weekday() + 1) % 7)
    last = due + timedelta(days=(5 - due.weekday()) % 7)
    squares = list(_squares(first, last, received, due, today, closures))
    return [squares[at : at + 7] for at in range(0, len(squares), 7)]


def _squares(
    first: date, last: date, received: date, due: date, today: date, closures: Mapping[date, str]
) -> Iterator[Square]:
    counted, day = 0, first
    while day <= last:
        kind, note = _kind(day, received, due, closures)
        if kind == "counted":
            counted += 1
            note = f"day {counted}"
        yield Square(day, kind, note, today=day == today)
        day += _ONE_DAY


def _kind(day: date, received: date, due: date, closures: Mapping[date, str]) -> tuple[Kind, str]:
    if day == received:
        return "received", "received"
    if day < received or day > due:
        return "out", ""
    if not is_business_day(day, closures):
        return "closed", "closed" if day in closures else "" if day.weekday() >= 5 else "holiday"
    return ("due", "due") if day == due else ("counted", "")
