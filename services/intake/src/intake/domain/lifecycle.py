"""The drawn lifecycle of a request (docs/architecture.md), and what a student may still do in it."""

from collections.abc import Mapping
from typing import Literal

Phase = Literal["incomplete", "complete", "issued", "withdrawn", "denied", "not_required"]
Shown = Literal["", "assigned", "approved"]
State = Literal[
    "incomplete", "complete", "assigned", "approved", "issued", "returned", "denied", "withdrawn", "not_required"
]

RefusalCode = Literal["wrong_state", "stale_version", "confirm_new_place", "change_open", "nothing_changed"]

OPEN: frozenset[Phase] = frozenset({"incomplete", "complete", "not_required"})

TRANSITIONS: Mapping[Phase, frozenset[Phase]] = {
    "incomplete": frozenset({"complete", "not_required", "withdrawn", "denied", "issued"}),
    "complete": frozenset({"incomplete", "not_required", "withdrawn", "denied", "issued"}),
    "not_required": frozenset({"incomplete", "withdrawn", "denied", "issued"}),
    "withdrawn": frozenset({"denied", "issued"}),  # a decision at review that crossed the withdrawal
    "denied": frozenset({"issued"}),
    "issued": frozenset(),
}


class Refused(Exception):
    """An act that the state of the request does not allow; `code` is stable, the message is for the person."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class IllegalTransition(Exception):
    """A transition that the lifecycle does not know: a fault of ours, never silently done."""


def require_transition(before: Phase, after: Phase) -> None:
    """Raises `IllegalTransition`; staying in a phase is no transition."""
    if before != after and after not in TRANSITIONS[before]:
        raise IllegalTransition(f"a request cannot go from {before} to {after}")


def require_confirmed(phase: Phase, *, confirmed: bool) -> None:
    """P4: in line a change costs the place, and the student has said to know it; raises `Refused`."""
    if phase == "complete" and not confirmed:
        raise Refused(
            "confirm_new_place",
            "A change now gives up your place in line. Confirm that (confirm=new_place), or change nothing.",
        )


def require_open_to_student(phase: Phase, shown: Shown) -> None:
    """P4: before assignment a student may change a request; raises `Refused` with what to do instead."""
    if phase == "complete" and shown:
        raise Refused(
            "wrong_state",
            "An adviser is working on this request. Ask the adviser to return it to you; then you can change it.",
        )
    if phase not in OPEN:
        raise Refused("wrong_state", f"This request is {phase} and cannot be changed any more.")
