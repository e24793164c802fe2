"""What an alert is: how bad, by when to report, and how it may move (R33)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from cpt.campus.clock import eastern_date

Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
AlertState = Literal["suspected", "confirmed", "acknowledged", "closed"]
Position = Literal["not_started", "running", "ended"]
AlertKind = Literal["enrollment", "replaced", "status", "load"]

REPORT_WITHIN = timedelta(days=21)
"""8 CFR 214.3(g): calendar days, counted from the effective date and not from when we noticed."""
SPIRE_PATIENCE = timedelta(minutes=2)
WATCHER_PATIENCE = timedelta(minutes=5)

TRANSITIONS: dict[AlertState, frozenset[AlertState]] = {
    "suspected": frozenset({"confirmed", "closed"}),
    "confirmed": frozenset({"acknowledged", "closed"}),
    "acknowledged": frozenset({"acknowledged", "closed"}),
    "closed": frozenset({"acknowledged"}),
}


class AlertRefused(Exception):
    """An act that the alert does not allow now; `code` is stable."""

    def __init__(self, message: str, code: Literal["wrong_state", "second_person"] = "wrong_state") -> None:
        super().__init__(message)
        self.code = code


def require_transition(before: AlertState, after: AlertState) -> None:
    """Raises `AlertRefused`."""
    if after not in TRANSITIONS[before]:
        raise AlertRefused(f"The alert is {before}.")


def severity_of(
    positions: Sequence[Position], kind: AlertKind, *, cause: str = "other", unnamed: bool = False
) -> Severity:
    """The worst position over the span from the effective date to today decides (A25); a whole-term withdrawal is never
    below HIGH.

    Only about the load it is LOW (A33); where nobody knows whether it is the course, or another one took its place in
    the same act, it is MEDIUM until a DSO says so (A24).
    """
    if kind == "load":
        return "LOW"
    if kind == "replaced" or unnamed:
        return "MEDIUM"
    if "running" in positions:
        return "CRITICAL"
    if "not_started" in positions or cause == "term_withdrawn":
        return "HIGH"
    return "LOW"


def report_by(effective_on: date) -> date:
    return effective_on + REPORT_WITHIN


def days_left(deadline: date, now: datetime) -> int:
    """Whole Eastern days until the report is due; negative when it is overdue."""
    return (deadline - eastern_date(now)).days


def learned_on_day(effective_on: date, detected_at: datetime) -> int:
    """Calendar days that had gone when it was learned; zero on the effective day itself."""
    return (eastern_date(detected_at) - effective_on).days


def masked(sevis_id: str | None) -> str | None:
    """Enough to compare, not enough to use."""
    return None if sevis_id is None else f"{'•' * max(0, len(sevis_id) - 4)}{sevis_id[-4:]}"
