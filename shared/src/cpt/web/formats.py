"""Dates, times and numbers as Americans write them, in Eastern time."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from markupsafe import Markup

from cpt.campus.clock import EASTERN

_RULES = re.compile(r" \((?:[APRX]\d+(?:, )?)+\)")


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


def short_day(value: date | str) -> str:
    """`Sep 14, 2026`; also of a date that went through JSON."""
    known = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    local = known.astimezone(EASTERN) if isinstance(known, datetime) else known
    return f"{local:%b} {local.day}, {local.year}"


def day_of(value: date | str) -> str:
    """`Mon, Sep 14, 2026`, also of a date that went through JSON."""
    return day(date.fromisoformat(value[:10]) if isinstance(value, str) else value)


def when(value: datetime | str) -> datetime:
    """A moment, also one that went through JSON."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def hour(value: datetime) -> str:
    """`Sep 14, 2:05 PM`, for a chart on a page that states that times are Eastern."""
    local = value.astimezone(EASTERN)
    return f"{local:%b} {local.day}, {local.hour % 12 or 12}:{local:%M %p}"


def sevis_day(value: date | str) -> str:
    """`09/14/2026`, as SEVIS asks for it."""
    known = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{known:%m/%d/%Y}"


def num(value: float | Decimal | str) -> str:
    """A number that may have gone through JSON as text."""
    return number(Decimal(value) if isinstance(value, str) else value)


def month_name(value: str) -> str:
    """`Sep 2026`, of a day that went through JSON."""
    return f"{date.fromisoformat(value):%b %Y}"


def words(code: str) -> str:
    """A code such as `case_approved` in words: `Case approved`."""
    text = code.replace("_", " ").replace("i20", "I-20").strip()
    return text[:1].upper() + text[1:]


def unnumbered(sentence: str) -> str:
    """Without the numbers of our rules, `(X4)` or `(R32, A23)`: they are for those who read the rules."""
    return _RULES.sub("", sentence)


def span_of_time(seconds: float | Decimal | None) -> str:
    """`4 min`, `3.5 h`, `2 days`; a dash where nothing was measured."""
    if seconds is None:
        return "–"
    seconds = max(float(seconds), 0.0)  # two clocks may differ by a moment
    for limit, unit, name in ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h")):
        if seconds < limit:
            return f"{number(round(seconds / unit, 0 if unit < 3600 else 1))} {name}"
    return count(round(seconds / 86_400), "day")


FILTERS = {
    "day_of": day_of,
    "sevis_day": sevis_day,
    "num": num,
    "month_name": month_name,
    "when": when,
    "hour": hour,
    "day": day,
    "short_day": short_day,
    "words": words,
    "unnumbered": unnumbered,
    "span_of_time": span_of_time,
    "clock_time": clock_time,
    "moment": moment,
    "stamp": stamp,
    "number": number,
    "count": count,
}
