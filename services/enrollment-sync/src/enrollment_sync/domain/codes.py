"""The code sets of SPIRE, as the office loads them; a code that they lack is refused, never guessed (case 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CodeKind = Literal["status", "reason", "action", "withdraw_code"]
Standing = Literal["enrolled", "dropped", "wait_listed"]
Reason = Literal["enrolled", "dropped", "withdrawn", "school_side", "never_enrolled"]
Action = Literal["adds", "other"]
Withdrawal = Literal["ends", "none"]


@dataclass(frozen=True, slots=True)
class Codes:
    """One version. The first four give each code its meaning; `x` in a training number stands for any digit; a co-op
    course is subject and number with one space between.
    """

    version: int
    statuses: Mapping[str, Standing]
    reasons: Mapping[str, Reason]
    actions: Mapping[str, Action]
    withdraw_codes: Mapping[str, Withdrawal]
    withdrawal_grades: frozenset[str]
    audit_bases: frozenset[str]
    training_numbers: frozenset[str]
    continuous_numbers: frozenset[str]
    coop_courses: frozenset[str]

    def standing(self, status: str) -> Standing | None:
        return self.statuses.get(status)

    def reason(self, code: str | None) -> Reason | None:
        return self.reasons.get(code) if code else None

    def knows(self, kind: CodeKind, code: str) -> bool:
        """SPIRE leaves the reason blank where there is none to give."""
        return (kind == "reason" and not code) or code in self.meanings(kind)

    def require(self, *codes: tuple[CodeKind, str | None]) -> None:
        """Raises UnknownCode naming all unknown ones at once; an absent optional code is known."""
        unknown = tuple(f"{kind} {code}" for kind, code in codes if code is not None and not self.knows(kind, code))
        if unknown:
            raise UnknownCode(unknown)

    def lost_since(self, earlier: "Codes") -> tuple[str, ...]:
        """Codes that `earlier` gave a meaning and these do not, though a stored row may bear them."""
        kinds: tuple[CodeKind, ...] = ("status", "reason", "action", "withdraw_code")
        return tuple(
            f"{kind} {code}"
            for kind in kinds
            for code in sorted(earlier.meanings(kind).keys() - self.meanings(kind).keys())
        )

    def meanings(self, kind: CodeKind) -> Mapping[str, str]:
        """By code."""
        kinds: dict[CodeKind, Mapping[str, str]] = {
            "status": self.statuses,
            "reason": self.reasons,
            "action": self.actions,
            "withdraw_code": self.withdraw_codes,
        }
        return kinds[kind]


class UnknownCode(Exception):
    """SPIRE sent a code that has no meaning here; `codes` holds every one of the message, such as `status X`."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(f"unknown code: {', '.join(codes)}")
