"""What the student's SPIRE record says about the federal rules beyond the page: for an adviser to look at (X1–X12).

None of it changes an outcome.
"""

from collections.abc import Iterator
from datetime import date

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import in_words
from cpt.contracts.values import Facts, Flag, StudentProfile
from enrollment_sync.mapping import span_of

TERMS_OF_ONE_YEAR = 2
WARN_AT_FULL_TIME_DAYS = 270


def profile_flags(facts: Facts, profile: StudentProfile, calendar: AcademicCalendar, today: date) -> Iterator[Flag]:
    """One code for each rule that the record lets us judge."""
    _, end = span_of(facts)
    if profile.prior_fulltime_terms < TERMS_OF_ONE_YEAR:
        yield _flag(
            "x1_one_academic_year",
            f"SPIRE shows {profile.prior_fulltime_terms} full-time terms; two are needed unless waived.",
        )
    for last, what in ((profile.program_end_date, "program on the I-20"), (profile.admit_until, "admission")):
        if last and last < end:
            yield _flag("x2_after_program_end", f"The {what} ends on {in_words(last)}, before the training does.")
    if _in_final_term(facts, profile, calendar):
        yield _flag(
            "x3_final_term", "The training starts in the student's final term; compare it with the add/drop date."
        )
    if profile.fulltime_cpt_days >= WARN_AT_FULL_TIME_DAYS:
        yield _flag(
            "x7_full_time_cpt_days", f"{profile.fulltime_cpt_days} days of full-time CPT were used at this level."
        )
    if profile.degree_completed_on and profile.degree_completed_on <= today:
        yield _flag("x8_degree_completed", f"The degree was completed on {in_words(profile.degree_completed_on)}.")
    if profile.english_language_program:
        yield _flag("x10_english_language_program", "Students of an English language program are excluded from CPT.")


def _in_final_term(facts: Facts, profile: StudentProfile, calendar: AcademicCalendar) -> bool:
    """X3: final is a term after which none comes to its end within the program, which may end in a break.

    The add/drop date itself is no part of the calendar.
    """
    last = profile.program_end_date
    if last is None or not calendar.covers(last, last):
        return False
    begun = [term for term in calendar.terms if term.start <= last]
    final = [term for term in begun if not any(term.end < later.start and later.end <= last for later in begun)]
    return any(term.start < facts.start_date <= term.end for term in final)


def _flag(code: str, message: str) -> Flag:
    return Flag(code=code, message=message)
