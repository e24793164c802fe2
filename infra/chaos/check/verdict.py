"""The fourteen promises of the product, each with the check that can break it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from infra.chaos.check import alerts, audit, effects, enrollment, line, mails, publishing, states, submissions
from infra.chaos.check.evidence import Evidence

Check = Callable[[Evidence], Iterator[str]]
CHECKS: dict[int, tuple[str, Check | None]] = {
    1: ("every acknowledged submission exists exactly once", submissions.exists_once),
    2: ("same idempotency key, same answer", submissions.same_key_same_answer),
    3: ("assignments equal arrival order", line.in_order),
    4: ("stored enrollment is the fold of events by source order", enrollment.stored_is_the_fold),
    5: ("each loss gives exactly one alert", alerts.one_alert_each),
    6: ("no approval email after a loss before the I-20", alerts.no_early_approval),
    7: ("only drawn state transitions", states.only_drawn),
    8: ("every committed event is published, nothing else", publishing.all_and_nothing_else),
    9: ("effects of an event once", effects.once),
    10: ("one accepted approval email per issued I-20", mails.one_approval_each),
    11: ("the audit record is append-only and complete", audit.acts_are_recorded),
    12: ("consumed = processed + parked + ignored", effects.all_accounted),
    13: ("everything drains after the faults", None),
    14: ("throughput afterwards as before", None),
}


@dataclass(slots=True)
class Verdict:
    """`violations` is empty where the promise held; `unjudged` says why it was not looked at."""

    promise: int
    title: str
    violations: list[str] = field(default_factory=list)
    unjudged: str = ""


def judge(seen: Evidence) -> dict[int, Verdict]:
    """Promises 13 and 14 are filled in by who measured them."""
    return {
        number: Verdict(number, title, list(check(seen)) if check else []) for number, (title, check) in CHECKS.items()
    }
