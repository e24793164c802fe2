"""The answer to whether the enrollment carries the training, term by term."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from enrollment_sync.domain.qualification import Shortfall

RULE_VERSION = "3"

Outcome = Literal["met", "not_met", "cannot_determine"]
Undetermined = Literal["calendar_not_loaded", "no_term", "term_not_read"]
FindingCode = Shortfall | Literal["enrolled", "coop_exempt", "term_not_read"]
FlagCode = Literal[
    "required_zero_credit",
    "graduate_coop",
    "summer_only_coop",
    "session_unknown",
    "session_misses_training",
    "x4_below_full_load",
    "course_not_usual",
]


@dataclass(frozen=True, slots=True)
class QualifyingClass:
    class_nbr: str
    course: str
    units: Decimal
    session_code: str
    usual: bool = True
    """Whether its number looks like training (A23)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One overlapped term. `message` is for the student; `units` are all active ones, against the full load."""

    strm: str
    outcome: Outcome
    code: FindingCode
    message: str
    rule: str
    classes: tuple[QualifyingClass, ...] = ()
    units: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Flag:
    """For an adviser to look at; it decides nothing."""

    code: FlagCode
    message: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`undetermined` tells what is lacking while `outcome` is cannot_determine, else None."""

    outcome: Outcome
    rule_version: str
    calendar_version: int
    facts_version: int
    findings: tuple[Finding, ...]
    flags: tuple[Flag, ...]
    undetermined: Undetermined | None = None

    def finding(self, strm: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.strm == strm), None)
