"""The rules of the line and of the two gates; facts in, answers or named refusals out."""

from review.domain.gates import Check, GateAnswer, Standing, gate, require_open, standing
from review.domain.lifecycle import CLOSED, DRAWN, HELD, LIVE, CaseState, NumberState, OpenNumber, require_drawn
from review.domain.refusals import Fault, NotDrawn, RefusalCode, Refused, Unfit

__all__ = [
    "CLOSED",
    "DRAWN",
    "HELD",
    "LIVE",
    "CaseState",
    "Check",
    "Fault",
    "GateAnswer",
    "NotDrawn",
    "NumberState",
    "OpenNumber",
    "RefusalCode",
    "Refused",
    "Standing",
    "Unfit",
    "gate",
    "require_drawn",
    "require_open",
    "standing",
]
