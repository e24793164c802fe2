"""Everything a DSO must look at before deciding: from the request, from the check, from the hours."""

from datetime import date

from cpt.campus.clock import eastern_date
from cpt.campus.hours import weekly_hours
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.values import Flag, Hours
from review.store import Case

SENTENCES = {
    "hours_exactly_twenty": "Exactly 20 hours a week: part-time for SEVIS, full-time on the office's own page (A14).",
    "hours_range": "The letter states a range of hours; the highest number counts (A14).",
}


def flags_of(case: Case, answer: EnrollmentChecked | None) -> list[Flag]:
    """Each code once, in a stable order."""
    hours = weekly_hours(case.completed.form.hours_per_week)
    own = [Flag(code=code, message=SENTENCES[code]) for code in hours.flags]
    found = [*case.completed.flags, *own, *(answer.flags if answer else ())]
    return list({flag.code: flag for flag in reversed(found)}.values())[::-1]


def hours_of(case: Case) -> Hours:
    hours = weekly_hours(case.completed.form.hours_per_week)
    return Hours(per_week=hours.per_week, time=hours.time)


def received_on(case: Case) -> date:
    return eastern_date(case.completed.received_at)
