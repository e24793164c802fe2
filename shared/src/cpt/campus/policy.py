"""Where the office's practice could differ from our reading: one named setting each, the same in every service."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Dates = Literal["intersection", "whole_term"]
TermBreak = Literal["none", "bridge"]
TwentyHours = Literal["part_time", "full_time"]
SummerCoop = Literal["dso_decides", "exempt"]


@dataclass(frozen=True, slots=True)
class OfficePolicy:
    """`dates`: the training within each term, or the whole term (A8); `term_break`: whether terms are joined over it (A9);
    `twenty_hours`: what exactly 20 hours a week count as (A14); `summer_coop`: whether a co-op in summer alone is one (A18).
    """

    dates: Dates = "intersection"
    term_break: TermBreak = "none"
    twenty_hours: TwentyHours = "part_time"
    summer_coop: SummerCoop = "dso_decides"


STANDARD = OfficePolicy()
IN_FORCE: ContextVar[OfficePolicy] = ContextVar("office_policy", default=STANDARD)
"""What this process was started with; what was decided before stays as it was stored. Pure rules are given what they
need of it, and their callers ask here.
"""
