"""A notice as plain text and as HTML, rendered from one template so that both always agree."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined

from cpt.campus.clock import EASTERN, eastern_date, in_words
from cpt.contracts.notifier import NoticeKind

# Kinds that differ in a few sentences share a template.
TEMPLATES: dict[NoticeKind, str] = {"cleared": "acknowledgement", "replaced": "approved"}
CAUSES = {
    "dropped": "The course was dropped.",
    "withdrawn": "The student withdrew from the course.",
    "term_withdrawn": "The student withdrew from the whole term.",
    "school_side": "The school canceled or dropped the course.",
    "units": "The credits of the course changed.",
    "audit": "The course was changed to audit.",
    "session_withdrawn": "The student withdrew from the whole session.",
    "reported": "The student told us that they left the course.",
    "below_full_load": "The student is enrolled in fewer units than the full load.",
    "program_end": "The program ends before the CPT does.",
    "degree_completed": "The degree is completed.",
    "career_changed": "The student has another career than when the I-20 was issued.",
    "level_changed": "The student has another level than when the I-20 was issued.",
    "vanished": "The enrollment is no longer in SPIRE.",
    "other": "The enrollment changed.",
}
STEPS = {
    "pdso": "It has not been acknowledged for four business hours.",
    "director": "It has not been acknowledged for one business day.",
    "day_7": "It has been open for seven days.",
    "day_14": "It has been open for fourteen days.",
    "day_18": "It has been open for eighteen days.",
    "breach": "The 21 days have passed without an outcome.",
}
FOR_STAFF = frozenset({"alert", "escalation", "blind", "task", "digest", "report"})
WIDTH = 72


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """`subject` is one line without personal data."""

    subject: str
    text: str
    html: str


class MailRenderer:
    """Renders every kind of notice; the same facts give the same text."""

    def __init__(self) -> None:
        self._text = _environment("txt", autoescape=False)
        self._html = _environment("html", autoescape=True)
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def write(self, kind: NoticeKind, facts: Mapping[str, Any]) -> RenderedMail:
        """`facts` must be clean already; a template that names an absent one raises."""
        name, values = f"{TEMPLATES.get(kind, kind)}.jinja", {"kind": kind, **facts}
        template = self._text.get_template(name)
        subject = "".join(template.blocks["subject"](template.new_context(values)))
        return RenderedMail(
            subject=" ".join(subject.split()),
            text=_airy(template.render(values)),
            html=self._inliner.inline(self._html.get_template(name).render(values)),
        )


@cache
def _environment(skin: str, *, autoescape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("notifier", "templates/mail"),
        autoescape=autoescape,  # noqa: S701 off for plain text only, which has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        skin=f"mail.{skin}", parts=f"parts.{skin}", causes=CAUSES, steps=STEPS, for_staff=FOR_STAFF, who=_who
    )
    environment.filters.update(
        day=in_words,
        weekday=_weekday,
        moment=_moment,
        eastern=eastern_date,
        words=_words,
        number=_number,
        filled=_filled,
        clock=_clock,
    )
    return environment


def _words(code: str) -> str:
    return code.replace("_", " ")


def _weekday(day: date) -> str:
    return f"{day:%A}, {in_words(day)}"


def _moment(at: datetime) -> str:
    """American date and Eastern time."""
    local = at.astimezone(EASTERN)
    return f"{in_words(local.date())}, {local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'} ET"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _clock(days_left: int) -> str:
    days = f"{abs(days_left)} day{'' if abs(days_left) == 1 else 's'}"
    return f"OVERDUE by {days}" if days_left < 0 else f"{days} left"


def _who(who_can_fix: str) -> str:
    return "you" if who_can_fix in {"student", "you"} else who_can_fix.replace("_", " ")


def _filled(text: str, indent: str = "", first: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first or indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _airy(text: str) -> str:
    """At most one empty line between paragraphs."""
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part.strip()) + "\n"
