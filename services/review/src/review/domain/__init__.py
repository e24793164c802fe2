"""The rules of the line and of the two gates; facts in, answers or named refusals out."""

from review.domain.gates import Check, GateAnswer, Standing, gate, require_open, standing
from review.domain.lifecycle import (
    ASSIGNED_STATES,
    CLOSED,
    LIVE,
    TRANSITIONS,
    CaseState,
    NumberState,
    OpenNumber,
    require_transition,
)
from review.domain.refusals import Fault, IllegalTransition, RefusalCode, Refused, Unfit

__all__ = [
    "ASSIGNED_STATES",
    "CLOSED",
    "LIVE",
    "TRANSITIONS",
    "CaseState",
    "Check",
    "Fault",
    "GateAnswer",
    "IllegalTransition",
    "NumberState",
    "OpenNumber",
    "RefusalCode",
    "Refused",
    "Standing",
    "Unfit",
    "gate",
    "require_open",
    "require_transition",
    "standing",
]
