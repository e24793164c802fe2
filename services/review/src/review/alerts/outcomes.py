"""The closed list of outcomes, and what each of them must say (R33)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from review.domain import Fault

AlertOutcome = Literal[
    "re_enrolled",
    "swapped",
    "school_cancelled",
    "authorized_withdrawal",
    "cpt_ended_early",
    "cpt_changed_in_sevis",
    "reported_in_sevis",
    "data_error",
    "duplicate",
]
DATES = {
    "authorized_withdrawal": "the day a DSO approved the withdrawal",
    "cpt_ended_early": "the last day of work",
    "cpt_changed_in_sevis": "the new last day, or a day before the start where it was canceled",
    "reported_in_sevis": "the day of the report",
}
"""Outcomes that need a date, and which one."""
NOT_TO_COME = frozenset({"authorized_withdrawal", "reported_in_sevis"})
ENDS_THE_WATCH = frozenset({"cpt_ended_early", "cpt_changed_in_sevis", "reported_in_sevis"})
TOLD_TO_THE_STUDENT = ENDS_THE_WATCH - {"reported_in_sevis"}
"""After a report a person talks to the student; no mail of ours does."""
WHY_CANCELED = {
    "cpt_ended_early": "The training will not take place.",
    "cpt_changed_in_sevis": "The authorization was canceled in SEVIS before the training began.",
    "reported_in_sevis": "A report was made in SEVIS before the training began.",
}
WHY_SHORTENED = {
    "cpt_ended_early": "The training ends early, with {day} as the last day of work.",
    "cpt_changed_in_sevis": "The authorization was changed in SEVIS and ends there on {day}.",
    "reported_in_sevis": "A report was made in SEVIS on {day}.",
}
"""Why an authorization ends, as the student reads it where the outcome is told."""
ACTS_OF_A_DSO = ENDS_THE_WATCH | {"authorized_withdrawal"}
"""Only a DSO approves a withdrawal or writes to SEVIS (8 CFR 214.3)."""


def outcome_faults(
    outcome: str, on: date | None, comment: str, *, today: date, last_end: date | None
) -> Iterator[Fault]:
    """`last_end`: the last day of any authorization concerned, where one stands."""
    if outcome in DATES and on is None:
        yield Fault("on", "missing", f"Enter {DATES[outcome]}.")
    if outcome == "reported_in_sevis" and not comment.strip():
        yield Fault("comment", "missing", "Enter the reason that was reported.")
    if on is not None and outcome in NOT_TO_COME and on > today:
        yield Fault("on", "in_the_future", "This day has not come yet.")
    if on is not None and outcome in TOLD_TO_THE_STUDENT and last_end is not None and on > last_end:
        yield Fault("on", "after_the_end", f"The authorization ends on {last_end}, before that day.")


def why(outcome: str, day: str, *, canceled: bool) -> str:
    """For an outcome that ends the watch."""
    return WHY_CANCELED[outcome] if canceled else WHY_SHORTENED[outcome].format(day=day)
