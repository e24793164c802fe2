"""What the letter check tells: every fact with its outcome, in words for the student, and flags for the adviser."""

from dataclasses import dataclass
from enum import StrEnum

WHERE = "the offer letter"
YOUR_EMPLOYER = "your employer"
YOU = "you"


class Outcome(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    UNVERIFIABLE = "unverifiable"
    NOT_TYPED = "not_typed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a fact does not count as stated, in words for the student."""

    message: str
    who_can_fix: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the letter: its page and its number there, counted from 1, its words, and its edges from 0 to 1."""

    page: int
    line: int
    text: str
    top: float
    left: float
    bottom: float
    right: float


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome for one fact; `message` and `who_can_fix` speak only when it is missing.

    `doubt` says of a found fact why it may be no such fact.
    """

    fact: str
    outcome: Outcome
    message: str = ""
    who_can_fix: str = ""
    where: str = WHERE
    doubt: str = ""
    spots: tuple[Spot, ...] = ()
    """Where a found fact is stated."""

    @property
    def code(self) -> str:
        return f"letter.{self.fact}"


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LetterReport:
    findings: tuple[Finding, ...]
    flags: tuple[Flag, ...]

    def facts(self, outcome: Outcome) -> list[str]:
        return [finding.fact for finding in self.findings if finding.outcome is outcome]

    @property
    def missing(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.outcome is Outcome.MISSING)
