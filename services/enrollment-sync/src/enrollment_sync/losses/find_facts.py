"""What ends or endangers a CPT without a drop: the student's status, and the full load (A32, A33). Only a read shows it."""

from collections.abc import Iterator
from datetime import date, datetime

from cpt.campus.clock import eastern_date
from enrollment_sync.domain import Row, active
from enrollment_sync.domain.transition import Cause
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.left_of import full_load, units_of
from enrollment_sync.losses.loss import Loss
from enrollment_sync.origin import Origin
from enrollment_sync.watch import Issued, Watch, position_over


def status_facts(dossier: Dossier, watch: Watch, now: datetime) -> Iterator[Loss]:
    """Each fact is an act of its own, so that it is told once; another value of it is another fact."""
    issued, profile, today = watch.issued, dossier.profile, eastern_date(now)
    if issued is None or profile is None or not issued.segments:
        return
    last = max(segment.end_date for segment in issued.segments)
    if today > last:
        return
    ends, done = profile.program_end_date, profile.degree_completed_on
    if ends and ends < last:
        yield _fact(watch, "program_end", str(ends), ends, now)
    if done and done <= min(today, last):
        yield _fact(watch, "degree_completed", str(done), done, now)
    if issued.career and profile.acad_career != issued.career:
        yield _fact(watch, "career_changed", profile.acad_career, today, now)
    if issued.level and profile.level != issued.level:
        yield _fact(watch, "level_changed", profile.level, today, now)


def load_falls(dossier: Dossier, watch: Watch, now: datetime) -> Iterator[Loss]:
    """A running CPT whose term had a full load when it was read last, and has it no more, its own course untouched."""
    issued, today = watch.issued, eastern_date(now)
    for strm in issued.full_terms if issued else ():
        if strm in full_terms(dossier, watch) or dossier.hits_of(watch.request_id, strm):
            continue
        row = _last_left(dossier, strm)
        on = row.effective_dt if row else today
        if row and _runs(watch, strm, (on, today)):
            origin = dossier.known.origins[row.key]
            yield Loss(strm, None, None, row, None, origin, "below_full_load", on, row.source_seq, "load")


def full_terms(dossier: Dossier, watch: Watch) -> tuple[str, ...]:
    """Of the terms on which the authorization rests."""
    assert watch.issued is not None
    lines = {strm: full_load(dossier, strm) for strm in watch.issued.strms}
    return tuple(strm for strm, line in lines.items() if line is not None and units_of(dossier, strm) >= line)


def remember(issued: Issued, dossier: Dossier, watch: Watch) -> Issued:
    """What the next read is compared with; the career and level that counted are those of the first."""
    assert dossier.profile is not None
    known = {
        "career": issued.career or dossier.profile.acad_career,
        "level": issued.level or dossier.profile.level,
        "full_terms": full_terms(dossier, watch),
    }
    return issued.model_copy(update=known)


def _fact(watch: Watch, cause: Cause, value: str, on: date, now: datetime) -> Loss:
    assert watch.issued is not None
    origin = Origin("SPIRE's student record", now, now, f"status/{watch.request_id}/{cause}/{value}", by_read=True)
    strm = watch.issued.segments[-1].strm
    return Loss(strm, None, None, None, None, origin, cause, on, 0, "status")


def _runs(watch: Watch, strm: str, span: tuple[date, date]) -> bool:
    assert watch.issued is not None
    segments = [(one.start_date, one.end_date) for one in watch.issued.segments if one.strm == strm]
    return bool(segments) and position_over(segments, span) == "running"


def _last_left(dossier: Dossier, strm: str) -> Row | None:
    """The class whose going brought the load down; a withdrawal from the term takes the named one too."""
    known = dossier.known.enrollments
    codes = dossier.policy.codes
    rows = [row for row in known.in_term(dossier.emplid, strm) if row.is_primary and not active(row, codes)]
    return max(rows, key=lambda row: row.source_seq, default=None)
