"""What an authorization consists of: segments, the gaps between them, and what clipped the training asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

ClipReason = Literal["issued", "program_end", "admit_until", "term_start", "term_end"]
RefusalCode = Literal["calendar_not_loaded", "no_term", "issued_after_end", "after_program_end", "after_admit_until"]


class NotAuthorizable(Exception):
    """No day is left to authorize; a person decides what happens to the request."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CoopContract:
    """An approved one; any other is no contract (R26)."""

    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class Segment:
    strm: str
    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class Gap:
    """Days inside the authorization on which work is not authorized (A9)."""

    after_strm: str
    before_strm: str
    start_date: date
    end_date: date
    why: str


@dataclass(frozen=True, slots=True)
class Clip:
    """One edge moved from `asked` to `granted`; several may move the same edge in turn."""

    edge: Literal["start", "end"]
    asked: date
    granted: date
    reason: ClipReason
    why: str


@dataclass(frozen=True, slots=True)
class Authorization:
    """Has at least one segment; the segments are in order and do not touch the gaps."""

    segments: tuple[Segment, ...]
    gaps: tuple[Gap, ...]
    clips: tuple[Clip, ...]

    @property
    def start_date(self) -> date:
        return self.segments[0].start_date

    @property
    def end_date(self) -> date:
        return self.segments[-1].end_date
