"""The federal rules beyond the page that one request and SPIRE's record alone cannot answer (X5-X7, X9, X11, X12).

None of it decides anything: each finding is a code and a sentence for the DSO.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from cpt.campus.clock import in_words
from cpt.campus.employers import same_employer

Span = tuple[date, date]
"""First and last day, both included."""
Finding = tuple[str, str]

ONE_YEAR, NINE_MONTHS = 365, 270
EXTENDS_WITHIN = timedelta(days=31)
_UNDECLARED = re.compile(r"undeclared|undecided|exploratory|non-?\s?degree", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Training:
    """What is asked for: `spans` as far as they can be authorized, else as offered; an approved co-op is one term."""

    employer: str
    spans: tuple[Span, ...]
    full_time: bool
    terms: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An authorization of the same student by another request, as it stands now.

    Of one that the request changes: as it will stand then, and `stood_until` is its last day today.
    """

    reference: str
    employer: str
    spans: tuple[Span, ...]
    full_time: bool
    stood_until: date | None = None


def beyond_the_page(
    training: Training, earlier: Sequence[Earlier], *, program: str | None, days_used: int, as_of: date
) -> Iterator[Finding]:
    """`days_used`: full-time CPT that SPIRE counts; `as_of`: the day of that count."""
    related = [one for one in earlier if same_employer(one.employer, training.employer)]
    yield from _one_request_each(training, related)
    yield from _changes(training, related)
    if training.full_time:
        spans = [span for one in earlier if one.full_time for span in one.spans]
        yield from _opt(full_time_days(days_used, spans, training.spans, as_of))
    if program is None or not program.strip() or _UNDECLARED.search(program):
        yield "x9_major_related", f"Is it related to the major? SPIRE shows the program {program or 'as unknown'} (X9)."


def once_issued(spans: Sequence[Span], today: date) -> Iterator[Finding]:
    """What SEVIS still allows for an authorization."""
    if not spans:
        return
    start, end = spans[0][0], spans[-1][1]
    if today < start:
        last = in_words(start - timedelta(days=1))
        yield "x11_cancel_before_start", f"It can be canceled in SEVIS until {last}, before it starts (X11)."
    elif today <= end:
        yield (
            "x11_started",
            f"It started on {in_words(start)}: an earlier end is possible, a cancellation is not (X11).",
        )
    else:
        yield "x12_ended", f"It ended on {in_words(end)}; SEVIS allows no edit after that day (X12)."


def full_time_days(used: int, earlier: Iterable[Span], asked: Iterable[Span], as_of: date) -> int:
    """Concurrent days count once (case 68). Past days are in SPIRE's count, unless it lags behind what was issued."""
    known, wanted = set(chain.from_iterable(map(days, earlier))), set(chain.from_iterable(map(days, asked)))
    past = {day for day in known if day <= as_of}
    return max(used, len(past)) + len((known | wanted) - past)


def days(span: Span) -> Iterator[date]:
    return (span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1))


def _one_request_each(training: Training, related: Sequence[Earlier]) -> Iterator[Finding]:
    renewed = next((one for one in related if _renewed_for(training, one) > 1), None)
    if ";" in training.employer or " / " in training.employer:
        yield "x5_separate_request", "More than one employer seems to be named; each needs a request of its own (X5)."
    elif renewed:
        terms = _renewed_for(training, renewed)
        message = f"It renews {renewed.reference} for {terms} terms; a renewal is one request per term (X5)."
        yield "x5_separate_request", message


def _renewed_for(training: Training, one: Earlier) -> int:
    """Terms that come after what was authorized; none while it still runs, unless the request changes it."""
    if one.stood_until is not None:
        return sum(start > one.stood_until for start, _ in training.spans)
    return training.terms if one.spans and one.spans[-1][1] < training.spans[0][0] else 0


def _changes(training: Training, related: Sequence[Earlier]) -> Iterator[Finding]:
    start, end = training.spans[0][0], training.spans[-1][1]
    for one in related:
        if not one.spans or one.stood_until is not None:
            continue
        first, last = one.spans[0][0], one.spans[-1][1]
        if start <= last and first <= end:
            message = f"{one.reference} stands for this employer on some of these days; a change of dates or hours"
            yield "x6_changes_authorization", f"{message} needs this new approval, and the earlier one an end (X6)."
        elif timedelta() < start - last <= EXTENDS_WITHIN:
            message = (
                f"It goes on where {one.reference} ends, and does not say that it extends it. From that request's page"
            )
            yield "x6_changes_authorization", f"{message} a student can ask for an extension (X6)."


def _opt(total: int) -> Iterator[Finding]:
    if total >= ONE_YEAR:
        message = f"With this training full-time CPT comes to {total} days: twelve months end the claim to OPT (X7)."
        yield "fulltime_cpt_twelve_months", message
    elif total >= NINE_MONTHS:
        message = f"With this training full-time CPT comes to {total} days; at 365 the claim to OPT ends (X7)."
        yield "x7_full_time_cpt_days", message
