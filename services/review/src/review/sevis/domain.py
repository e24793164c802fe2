"""What may go into a batch file, and what SEVIS's codes mean; facts in, findings with words for the person out.

The pre-checks are numbered SB1 to SB15. SEVIS answers a record overnight, so what can be known before is said before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cpt.campus.business_days import is_business_day
from cpt.campus.clock import in_words
from review.domain.sevis_fields import LIMITS, SevisAddress, SevisLine

Kind = Literal["add", "cancel"]
RecordState = Literal["in_batch", "uploaded", "succeeded", "failed", "unknown", "discarded"]
BatchState = Literal["drawn_up", "uploaded", "answered", "refused", "discarded"]
OPEN: frozenset[RecordState] = frozenset({"in_batch", "uploaded", "unknown"})
"""Without a final answer: nothing else about the same days may be sent (SB13)."""
SETTLED: frozenset[RecordState] = frozenset({"succeeded", "failed"})

MOST_RECORDS = 250
FULL_PART = {"full_time": "01", "part_time": "02"}
DAYS_PER_ENTRY = 364
SEVIS_ID, USER_ID = re.compile(r"N[0-9]{10}"), re.compile(r"[!-~]{10}")
SCHOOL_CODE = re.compile(r"[A-Z]{3}214F[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Span:
    """One segment, both days included."""

    strm: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Replaced:
    """An authorization that the record takes the place of; `until`: its last day then; `held`: SEVIS holds it by our records."""

    reference: str
    begun: bool
    until: date | None
    held: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one authorization wants of SEVIS; `others` are days of the student's other CPT, `open_days` wait for an answer.

    `standing`: days that SEVIS holds by an earlier record of this very case and that are not wanted any more.
    """

    kind: Kind
    spans: tuple[Span, ...]
    texts: dict[str, SevisLine]
    address: SevisAddress | None
    sevis_id: str | None
    user_id: str | None
    program_ends: date | None
    degree_completed: bool
    places: int
    others: tuple[tuple[date, date], ...] = ()
    open_days: tuple[tuple[date, date], ...] = ()
    standing: tuple[tuple[date, date], ...] = ()
    open_of_student: frozenset[Kind] = frozenset()
    replaced: Replaced | None = None


@dataclass(frozen=True, slots=True)
class PreCheck:
    """`blocks`: the record does not enter a file; otherwise the DSO is told and decides."""

    number: str
    code: str
    message: str
    blocks: bool = True


def pre_checks(wanted: Wanted, today: date) -> list[PreCheck]:
    """Every finding at once, the blocking ones first."""
    found = [
        *_identity(wanted),
        *_texts(wanted),
        *(_add(wanted, today) if wanted.kind == "add" else _cancel(wanted, today)),
        *_answers(wanted),
    ]
    return sorted(found, key=lambda one: not one.blocks)


def _identity(wanted: Wanted) -> Iterator[PreCheck]:
    if wanted.user_id is None:
        yield PreCheck(
            "SB8", "no_user_id", "The adviser's SEVIS user ID is not known here; enter it on the page of batches."
        )
    if wanted.sevis_id is None:
        yield PreCheck(
            "SB8", "no_sevis_id", "SPIRE shows no SEVIS ID for the student; enter this one in SEVIS by hand."
        )
    elif not SEVIS_ID.fullmatch(wanted.sevis_id):
        yield PreCheck(
            "SB1", "bad_sevis_id", "The SEVIS ID in SPIRE is not an N and ten digits; have it corrected there."
        )
    if wanted.degree_completed:
        yield PreCheck(
            "SB8",
            "degree_completed",
            "SPIRE shows a completed degree: SEVIS may refuse this as the student's status (S1005).",
            blocks=False,
        )
    if not wanted.spans:
        yield PreCheck("SB1", "nothing_to_send", "No day is left to send.")


def _texts(wanted: Wanted) -> Iterator[PreCheck]:
    for name, line in wanted.texts.items():
        words = name.replace("_", " ")
        if line.unsendable:
            yield PreCheck(
                "SB10",
                "not_ascii",
                f"The {words} holds “{line.unsendable}”, which SEVIS may not take; write it in plain letters.",
            )
        elif line.changed:
            yield PreCheck("SB10", "transliterated", f"The {words} is sent in plain letters: {line.text}", blocks=False)
        if len(line.text) > (limit := LIMITS[name]):
            yield PreCheck(
                "SB1", "too_long", f"The {words} has {len(line.text)} characters; SEVIS takes {limit}. Shorten it."
            )
    if not wanted.texts["employer"].text:
        yield PreCheck("SB1", "no_employer", "The employer's name is missing.")


def _add(wanted: Wanted, today: date) -> Iterator[PreCheck]:
    if wanted.address is None:
        yield PreCheck(
            "SB9",
            "no_address",
            "The work place cannot be written as a U.S. address; see what is wrong with it, or enter it in SEVIS by hand.",
        )
    elif wanted.places > 1:
        yield PreCheck(
            "SB9",
            "several_places",
            f"The student works at {wanted.places} places; the file takes one. The first is sent.",
            blocks=False,
        )
    for span in wanted.spans:
        yield from _days(span, wanted, today)
    for start, end in wanted.standing:
        yield PreCheck(
            "SB11",
            "cancel_first",
            f"SEVIS holds {_span(start, end)} for this case, with other days or words: cancel that first, and wait for its success.",
        )
    if wanted.replaced is not None:
        yield _replaced(wanted.replaced)
    if "cancel" in wanted.open_of_student:
        yield PreCheck(
            "SB11", "cancel_under_way", "A cancellation for this student waits for its answer; add only after it."
        )
    if (longest := max(((span.end - span.start).days + 1 for span in wanted.spans), default=0)) > DAYS_PER_ENTRY:
        yield PreCheck(
            "SB14",
            "long",
            f"These are {longest} days; some schools report that SEVIS takes at most {DAYS_PER_ENTRY} in one entry.",
            blocks=False,
        )


def _replaced(earlier: Replaced) -> PreCheck:
    """X6, X11: once it runs only a person can end it, in SEVIS itself."""
    if earlier.begun:
        until = f" on {in_words(earlier.until)}" if earlier.until else ""
        message = f"It takes the place of {earlier.reference}, which has begun: end that one in SEVIS by hand{until}."
        return PreCheck("SB15", "end_earlier_first", message, blocks=False)
    message = (
        f"It takes the place of {earlier.reference}, which has not begun: cancel that first, and wait for its success."
    )
    return PreCheck("SB15", "cancel_earlier_first", message, blocks=earlier.held)


def _days(span: Span, wanted: Wanted, today: date) -> Iterator[PreCheck]:
    words = _span(span.start, span.end)
    if span.start > span.end:
        yield PreCheck("SB2", "end_before_start", f"{words} ends before it starts.")
    elif span.start == span.end:
        yield PreCheck(
            "SB2",
            "one_day",
            f"{words} is one day; SEVIS may ask for an end later than the start (S1019).",
            blocks=False,
        )
    if wanted.program_ends is None:
        yield PreCheck(
            "SB3",
            "program_end_unknown",
            "SPIRE does not show when the program ends; compare it in SEVIS.",
            blocks=False,
        )
    elif span.end > wanted.program_ends:
        yield PreCheck(
            "SB3", "after_program_end", f"{words} ends after the program does, on {in_words(wanted.program_ends)} (X2)."
        )
    if span.start <= today:
        yield PreCheck(
            "SB4",
            "too_late",
            f"{words} starts on or before today. A batch is processed overnight; enter this one in SEVIS by hand.",
        )
    elif _business_days(today, span.start) < 2:
        yield PreCheck(
            "SB4",
            "short_notice",
            f"{words} starts in a moment: upload the file this evening at the latest, or enter it by hand.",
            blocks=False,
        )
    for start, end in wanted.others:
        if span.start <= end and start <= span.end:
            yield PreCheck(
                "SB5",
                "concurrent",
                f"{words} overlaps other CPT, {_span(start, end)}. That is allowed; the batch may still refuse it (S1015, S1044).",
                blocks=False,
            )


def _cancel(wanted: Wanted, today: date) -> Iterator[PreCheck]:
    for span in wanted.spans:
        words = _span(span.start, span.end)
        if today > span.end:
            yield PreCheck("SB7", "ended", f"{words} has ended; SEVIS allows no edit after the end (X12).")
        elif today >= span.start:
            yield PreCheck(
                "SB7",
                "started",
                f"{words} has started: end it earlier in SEVIS by hand; a cancellation is not possible any more (X11).",
            )
        elif today > span.start - timedelta(days=2):
            yield PreCheck(
                "SB6",
                "cancel_too_late",
                f"{words} starts before a batch would be processed; cancel it in SEVIS by hand, today.",
            )
    if "add" in wanted.open_of_student:
        yield PreCheck(
            "SB11", "add_under_way", "A new record for this student waits for its answer; cancel only after it."
        )


def _answers(wanted: Wanted) -> Iterator[PreCheck]:
    for span in wanted.spans:
        if any(span.start <= end and start <= span.end for start, end in wanted.open_days):
            days = _span(span.start, span.end)
            message = f"{days} is in a batch that SEVIS has not answered; give back its log first."
            yield PreCheck("SB13", "unanswered", message)


def _span(start: date, end: date) -> str:
    return f"{in_words(start)} to {in_words(end)}"


def _business_days(today: date, until: date) -> int:
    """Whole business days between, neither end counted but the first."""
    days = (today + timedelta(days=n) for n in range((until - today).days))
    return sum(is_business_day(day) for day in days)


def upload_by(records: Iterable[tuple[Kind, date]]) -> date | None:
    """The last day on which a file with these starts is in time: it is processed in the night after (SB4, SB6)."""
    return min((start - timedelta(days=1 if kind == "add" else 2) for kind, start in records), default=None)


def conflicts(kinds: Sequence[tuple[str, Kind]]) -> set[str]:
    """SB11: SEVIS IDs that one file would both add to and cancel of."""
    adds, cancels = ({sevis_id for sevis_id, kind in kinds if kind == wanted} for wanted in ("add", "cancel"))
    return adds & cancels
