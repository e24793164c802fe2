"""Dates, times and numbers as Americans write them, in Eastern time."""

from datetime import UTC, date, datetime
from decimal import Decimal

from markupsafe import Markup

from cpt.campus.clock import EASTERN


def day(value: date) -> str:
    """`Mon, Sep 14, 2026`; of a moment, the day it was in Amherst."""
    local = value.astimezone(EASTERN) if isinstance(value, datetime) else value
    return f"{local:%a, %b} {local.day}, {local.year}"


def clock_time(moment: datetime) -> str:
    """`2:05 PM ET`."""
    local = moment.astimezone(EASTERN)
    return f"{local.hour % 12 or 12}:{local:%M %p} ET"


def moment(value: datetime) -> str:
    """`Mon, Sep 14, 2026, 2:05 PM ET`."""
    return f"{day(value)}, {clock_time(value)}"


def stamp(value: date) -> Markup:
    """A `<time>` element, for a day or a moment, that machines can read too."""
    if isinstance(value, datetime):
        machine = value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return Markup('<time datetime="{}">{}</time>').format(machine, moment(value))
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day(value))


def number(value: float | Decimal) -> str:
    """`1,234.5`: thousands with commas, no trailing zeros."""
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(value: int, one: str, many: str | None = None) -> str:
    """`1 request`, `2 requests`."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


FILTERS = {"day": day, "clock_time": clock_time, "moment": moment, "stamp": stamp, "number": number, "count": count}
