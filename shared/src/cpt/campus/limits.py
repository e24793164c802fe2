"""The days before and after which nothing may be authorized, whatever the terms say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cpt.campus.authorization import Clip, ClipReason, NotAuthorizable, RefusalCode
from cpt.campus.clock import in_words


@dataclass(frozen=True, slots=True)
class AuthorizationLimits:
    """`issued_on` is the Eastern day of the I-20 or, before that, the first day it could have; `set_start` and `set_end` are
    what the office set or an earlier I-20 left, which a whole term keeps to as well (A8). None does not limit.
    """

    issued_on: date | None = None
    program_end: date | None = None
    admit_until: date | None = None
    set_start: date | None = None
    set_end: date | None = None

    @property
    def first_day(self) -> date:
        return max(self.issued_on or date.min, self.set_start or date.min)

    @property
    def last_day(self) -> date:
        return min(self.program_end or date.max, self.admit_until or date.max, self.set_end or date.max)


def clips_to(limits: AuthorizationLimits, start: date, end: date) -> Iterator[Clip]:
    """Raises NotAuthorizable with the limit that leaves no day (A16, X2, case 45)."""
    if limits.issued_on and start < limits.issued_on:
        message = f"The I-20 is issued on {in_words(limits.issued_on)}; no work may start before that day."
        _require(limits.issued_on <= end, "issued_after_end", message)
        yield Clip("start", start, limits.issued_on, "issued", message)
        start = limits.issued_on
    for last, reason, refusal, what in _ends(limits):
        if last and last < end:
            message = f"{what} on {in_words(last)}; no work may be authorized after that day."
            _require(start <= last, refusal, message)
            yield Clip("end", end, last, reason, message)
            end = last


def _ends(limits: AuthorizationLimits) -> Iterator[tuple[date | None, ClipReason, RefusalCode, str]]:
    yield limits.program_end, "program_end", "after_program_end", "The program on the I-20 ends"
    yield limits.admit_until, "admit_until", "after_admit_until", "The admission to the United States ends"


def _require(condition: bool, code: RefusalCode, message: str) -> None:
    if not condition:
        raise NotAuthorizable(code, message)
