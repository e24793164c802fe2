"""What ends or endangers a CPT without a drop: the student's status, and the full load (A32, A33). Only a read shows it."""

from collections.abc import Iterator
from datetime import date, datetime

from cpt.campus.clock import eastern_date
from enrollment_sync.domain.transition import Cause
from enrollment_sync.dossier import Dossier
from enrollment_sync.losses.loss import Loss
from enrollment_sync.losses.remaining_load import full_load, running, units_of
from enrollment_sync.provenance import Provenance
from enrollment_sync.watch import Issued, Watch, position_over


def status_facts(dossier: Dossier, watch: Watch, now: datetime) -> Iterator[Loss]:
    """Each fact is an act of its own, so that it is told once while it stands; another value of it is another fact."""
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
    career, level = _approved_as(issued, watch)
    if career and profile.acad_career != career:
        yield _fact(watch, "career_changed", profile.acad_career, today, now)
    if level and profile.level != level:
        yield _fact(watch, "level_changed", profile.level, today, now)


def load_falls(dossier: Dossier, watch: Watch, now: datetime) -> Iterator[Loss]:
    """A running CPT whose term had a full load when it was read last, and has it no more. While its own course is lost,
    that says what is left; what fell beside it is told when it is back.
    """
    issued, today = watch.issued, eastern_date(now)
    for strm, classes in issued.full_terms.items() if issued else ():
        if strm in full_terms(dossier, watch) or dossier.hits_of(watch.request_id, strm):
            continue
        fall = _fall(dossier, strm, classes, now)
        if _runs(watch, strm, (fall.effective_on, today)):
            yield fall


def full_terms(dossier: Dossier, watch: Watch) -> dict[str, tuple[str, ...]]:
    """Of the terms on which the authorization rests, with the classes that make the load."""
    assert watch.issued is not None
    lines = {strm: full_load(dossier, strm) for strm in watch.issued.strms}
    loads = {strm: running(dossier, strm) for strm, line in lines.items() if line is not None}
    full = {strm: rows for strm, rows in loads.items() if units_of(rows) >= (lines[strm] or 0)}
    return {strm: tuple(row.class_nbr for row in rows) for strm, rows in full.items()}


def remember(issued: Issued, dossier: Dossier, watch: Watch) -> Issued:
    """What the next read is compared with."""
    assert dossier.profile is not None
    career, level = _approved_as(issued, watch)
    known = {
        "career": career or dossier.profile.acad_career,
        "level": level or dossier.profile.level,
        "full_terms": _of_lost_courses(issued, dossier, watch) | full_terms(dossier, watch),
    }
    return issued.model_copy(update=known)


def ends_some_day(watch: Watch, today: date) -> bool:
    """Whether there are authorized days left that a fact of the student's status could end."""
    segments = watch.issued.segments if watch.issued else ()
    return any(segment.end_date >= today for segment in segments)


def _approved_as(issued: Issued, watch: Watch) -> tuple[str | None, str | None]:
    return issued.career or watch.basis.career, issued.level or watch.basis.level


def _fact(watch: Watch, cause: Cause, value: str, on: date, now: datetime) -> Loss:
    assert watch.issued is not None
    origin = Provenance("SPIRE's student record", now, now, f"status/{watch.request_id}/{cause}/{value}", by_read=True)
    strm = watch.issued.segments[-1].strm
    return Loss(strm, None, None, None, None, origin, cause, on, 0, "status")


def _runs(watch: Watch, strm: str, span: tuple[date, date]) -> bool:
    assert watch.issued is not None
    segments = [(one.start_date, one.end_date) for one in watch.issued.segments if one.strm == strm]
    return bool(segments) and position_over(segments, span) == "running"


def _of_lost_courses(issued: Issued, dossier: Dossier, watch: Watch) -> dict[str, tuple[str, ...]]:
    terms = issued.full_terms.items()
    return {strm: classes for strm, classes in terms if dossier.hits_of(watch.request_id, strm)}


def _fall(dossier: Dossier, strm: str, classes: tuple[str, ...], now: datetime) -> Loss:
    """With the class that left last; a row that vanished, or has fewer units, is not named."""
    known, codes = dossier.known.enrollments, dossier.policy.codes
    gone = set(classes) - {row.class_nbr for row in running(dossier, strm)}
    rows = [row for row in known.in_term(dossier.emplid, strm) if row.class_nbr in gone]
    if not rows:
        origin = Provenance("SPIRE read", now, now, f"load/{strm}/{known.floors.get(strm)}", by_read=True)
        return Loss(strm, None, None, None, None, origin, "below_full_load", eastern_date(now), 0, "load")
    left = {known.ending(row, codes) or row: row for row in rows}
    last = max(left, key=lambda entry: entry.source_seq)
    on, seq = last.effective_dt, last.source_seq
    return Loss(strm, None, None, left[last], None, dossier.known.origins[last.key], "below_full_load", on, seq, "load")
