"""How a case and its number may move, and which number is next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from review.domain.refusals import IllegalTransition

CaseState = Literal["pending", "waiting", "assigned", "approved", "issued", "returned", "denied", "withdrawn"]
NumberState = Literal[
    "pending", "waiting", "assigned", "returned", "closed", "void", "unreadable", "passed_over", "set_aside"
]

LIVE: frozenset[CaseState] = frozenset({"pending", "waiting", "assigned", "approved"})
CLOSED: frozenset[CaseState] = frozenset({"issued", "denied", "withdrawn"})
ASSIGNED_STATES: frozenset[CaseState] = frozenset({"assigned", "approved"})

TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    "pending": frozenset({"waiting", "assigned", "returned", "withdrawn"}),
    "waiting": frozenset({"pending", "assigned", "returned", "withdrawn"}),
    "assigned": frozenset({"approved", "returned", "denied", "withdrawn", "waiting", "pending"}),
    "approved": frozenset({"issued", "returned", "denied", "withdrawn"}),
    "returned": frozenset({"pending", "waiting", "withdrawn"}),
    "issued": frozenset(),
    "denied": frozenset(),
    "withdrawn": frozenset(),
}
"""The drawn lifecycle of a case (docs/architecture.md); a case also starts as pending, waiting or withdrawn."""


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """The lowest number of the line that an adviser may take."""

    receipt_number: int
    request_id: str
    state: Literal["pending", "waiting"]
    hold_until: datetime

    def holds_the_line(self, now: datetime) -> bool:
        """P11: a pending number holds the line for a bounded time, once; then it goes out as unverified."""
        return self.state == "pending" and now < self.hold_until


def require_transition(before: CaseState, after: CaseState) -> None:
    """Raises `IllegalTransition`; staying in a state is no transition."""
    if before != after and after not in TRANSITIONS[before]:
        raise IllegalTransition(f"a case cannot go from {before} to {after}")
