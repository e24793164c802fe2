"""What the rules do not allow, by stable codes and with every fault at once."""

from dataclasses import dataclass
from typing import Literal

RefusalCode = Literal[
    "check_pending",
    "enrollment_not_met",
    "not_yours",
    "wrong_state",
    "flags_not_accepted",
    "stale_version",
    "nothing_to_authorize",
    "after_program_end",
    "x11_started",
    "x12_ended",
    "second_person",
    "own_case",
]


class Refused(Exception):
    """A decision that the rules do not allow now; `code` is stable, the message is for the person."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code: RefusalCode = code


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be taken as it is."""

    field: str
    code: str
    message: str


class Unfit(Exception):
    """What a person entered breaks a rule; every fault at once, nothing is stored."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


class IllegalTransition(Exception):
    """A transition that the lifecycle does not know: a fault of ours, never silently done."""
