"""Everything a DSO must look at before deciding: from the request, the check, the hours, other authorizations."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from cpt.campus.clock import eastern_date, in_words
from cpt.campus.hours import weekly_hours
from cpt.campus.policy import IN_FORCE
from cpt.contracts.values import Flag, Hours
from review.authorizations import Authorization
from review.cases.authorized_dates import authorized_dates
from review.cases.domain import Earlier, Finding, Span, Training, beyond_the_page, once_issued
from review.cases.dossier import Dossier
from review.cases.flags_across_cases import flags_across_cases
from review.cases.replacement import in_one_sentence, remaining_authorization
from review.domain import Refused
from review.store import Case

SENTENCES = {
    "hours_exactly_twenty": "Exactly 20 hours a week: part-time for SEVIS, full-time on the office's own page (A14).",
    "hours_range": "The letter states a range of hours; the highest number counts (A14).",
}


def flags_of(dossier: Dossier) -> list[Flag]:
    """Each code once, in a stable order: intake's own, then the hours and the start, then the rules beyond the page."""
    own = [
        Flag(code=code, message=message)
        for code, message in (*_of_the_form(dossier.case), *flags_across_cases(dossier), *_beyond(dossier))
    ]
    answer = dossier.answer.flags if dossier.answer else ()
    found: dict[str, Flag] = {}
    for flag in (*dossier.case.completed.flags, *own, *answer):
        found.setdefault(flag.code, flag)
    return list(found.values())


def hours_of(case: Case) -> Hours:
    hours = weekly_hours(case.completed.form.hours_per_week, twenty=IN_FORCE.get().twenty_hours)
    return Hours(per_week=hours.per_week, time=hours.time)


def _of_the_form(case: Case) -> Iterator[Finding]:
    """A14; R47: intake tells of short notice, here of none at all; R14, case 34: having started is looked at, never denied by machine."""
    form, start = case.completed.form, case.completed.facts.start_date
    yield from ((code, SENTENCES[code]) for code in weekly_hours(form.hours_per_week).flags)
    if form.already_started:
        yield "already_started", "The student says that the work has begun; it cannot be authorized backwards."
    if start < eastern_date(case.completed.received_at) and case.completed.changes is None:
        yield "short_notice", f"The start on {in_words(start)} had passed when the request was complete."


def _beyond(dossier: Dossier) -> Iterator[Finding]:
    """What SPIRE alone can tell (X1-X4, X8, X10) comes with its answer."""
    standing, answer = dossier.standing, dossier.answer
    if answer is not None and answer.undetermined == "no_term":
        yield "no_term", "No term of the academic calendar has a day of this training; a DSO decides what to do (A26)."
    if standing is not None:
        yield from once_issued(_spans(standing), dossier.today)
    training = _training(dossier)
    first = training.spans[0][0]
    if change := in_one_sentence(dossier, first):
        yield "x6_changes_authorization", change
    if answer is None or answer.student is None:
        return
    yield from beyond_the_page(
        training,
        [*map(_earlier, dossier.others), *_changed(dossier, first)],
        program=answer.student.program,
        days_used=answer.student.fulltime_cpt_days,
        as_of=eastern_date(answer.checked_at),
    )


def _training(dossier: Dossier) -> Training:
    case, facts = dossier.case, dossier.case.completed.facts
    try:
        dates = authorized_dates(dossier, start=dossier.start_set, issued_on=None)
        spans: tuple[Span, ...] = tuple((s.start_date, s.end_date) for s in dates.segments)
    except Refused:
        spans = ((facts.start_date, facts.end_date),)
    full_time = hours_of(case).time == "full_time"
    return Training(case.completed.form.employer, spans, full_time, terms=len(spans))


def _earlier(one: Authorization) -> Earlier:
    return Earlier(one.issued.reference, one.issued.employer, _spans(one), one.issued.hours.time == "full_time")


def _changed(dossier: Dossier, first: date) -> Iterator[Earlier]:
    """Cut where this one begins, so that no day of full-time CPT counts twice, nor one that falls away (X7, case 68)."""
    left = remaining_authorization(dossier, first)
    if dossier.changes is not None and left is not None:
        yield replace(_earlier(left), stood_until=dossier.changes.end)


def _spans(one: Authorization) -> tuple[Span, ...]:
    return tuple((segment.start_date, segment.end_date) for segment in one.segments)
