"""What a student reads about a term; a shortfall also says what would mend it."""

from collections.abc import Sequence

from cpt.campus.calendar import Term
from enrollment_sync.domain.courses import Course
from enrollment_sync.domain.facts import Facts
from enrollment_sync.domain.qualification import Shortfall
from enrollment_sync.domain.rows import Row

_SHORTFALLS: dict[Shortfall, str] = {
    "wait_listed": "{course} in {term} is only wait-listed; a place on the wait list is not an enrollment.",
    "audit": "{course} in {term} is audited; an audited course does not count.",
    "too_few_credits": "{course} in {term} carries {units} credits; one course of at least 1 credit is needed.",
    "continuous_enrollment_only": "{course} Continuous Enrollment cannot be used for CPT; "
    "add a credit-bearing course of at least 1 credit in {term}.",
    "withdrawn": "{course} in {term} was dropped or withdrawn.",
    "not_enrolled": "SPIRE shows no suitable course in {term}, a term that your training overlaps.",
}
_NO_COOP = "SPIRE shows no co-op registration in {term} or any other term of your training."
_NOT_FOUND = "SPIRE does not show you enrolled in {course} in {term}, the course your CPT request names."
_NOT_NAMED = "Your CPT request names no course in {term}, a term that your training overlaps."


def shortfall_message(
    term: Term, found: Sequence[tuple[Facts, Shortfall, Row | None]], others: Sequence[Row], *, exempt: bool
) -> str:
    """`found`: what was asked for, where several courses were named each by itself, what it falls short of, and the class
    nearest to success, None where there is none; `others` are the student's remaining active ones.
    """
    facts = found[0][0]
    text = " ".join(_shortfall(term, *one, exempt=exempt) for one in found)
    return text + (_others(others, term) if facts.named(term.strm) is not None else "") + _edge_hint(term, facts)


def _shortfall(term: Term, facts: Facts, code: Shortfall, row: Row | None, *, exempt: bool) -> str:
    course, units = " ".join(row.course) if row else "", f"{row.units.normalize():f}" if row else ""
    if code == "not_enrolled":
        return _absent(term, facts, exempt=exempt)
    if code == "withdrawn" and facts.named(term.strm) is None:
        return f"{course} in {term.name} was dropped or withdrawn, and no other suitable course is left in that term."
    return _SHORTFALLS[code].format(course=course, units=units, term=term.name)


def _absent(term: Term, facts: Facts, *, exempt: bool) -> str:
    named = facts.named(term.strm)
    if named:
        return _NOT_FOUND.format(course=" or ".join(sorted(_label(course) for course in named)), term=term.name)
    template = _NO_COOP if exempt else (_SHORTFALLS["not_enrolled"] if named is None else _NOT_NAMED)
    return template.format(term=term.name)


def _label(course: Course) -> str:
    return f"{course.label} (class {course.class_nbr})" if course.class_nbr else course.label


def _others(others: Sequence[Row], term: Term) -> str:
    """What the student sits in instead: one of them may be the course that was meant."""
    courses = sorted({" ".join(row.course) + f" (class {row.class_nbr})" for row in others})
    if not courses:
        return ""
    shown = ", ".join(courses[:6])
    return f" Your other classes in {term.name}: {shown}. If one of them is meant, correct the course of your request."


def _edge_hint(term: Term, facts: Facts) -> str:
    """Case 20: a single day is enough to overlap a term."""
    if facts.start_date < facts.end_date == term.start:
        return f" Training that ends one day earlier would not overlap {term.name}."
    if term.end == facts.start_date < facts.end_date:
        return f" Training that starts one day later would not overlap {term.name}."
    return ""
