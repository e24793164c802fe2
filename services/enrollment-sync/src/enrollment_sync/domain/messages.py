"""What a student reads about a term; a shortfall also says what would mend it."""

from cpt.campus.calendar import Term
from enrollment_sync.domain.facts import Facts
from enrollment_sync.domain.rows import Row
from enrollment_sync.domain.standing import Shortfall

_SHORTFALLS: dict[Shortfall, str] = {
    "wait_listed": "{course} in {term} is only wait-listed; a place on the wait list is not an enrollment.",
    "audit": "{course} in {term} is audited; an audited course does not count.",
    "too_few_credits": "{course} in {term} carries {units} credits; one course of at least 1 credit is needed.",
    "continuous_enrollment_only": "{course} Continuous Enrollment cannot be used for CPT; "
    "add a credit-bearing course of at least 1 credit in {term}.",
    "withdrawn": "{course} in {term} was dropped or withdrawn, and no other suitable course is left in that term.",
    "not_enrolled": "SPIRE shows no suitable course in {term}, a term that your training overlaps.",
}
_NO_COOP = "SPIRE shows no co-op registration in {term} or any other term of your training."


def shortfall_message(code: Shortfall, term: Term, row: Row | None, facts: Facts, *, exempt: bool) -> str:
    """`row` is the class nearest to success, None where there is none."""
    template = _NO_COOP if exempt and code == "not_enrolled" else _SHORTFALLS[code]
    course = " ".join(row.course) if row else ""
    text = template.format(course=course, units=f"{row.units.normalize():f}" if row else "", term=term.name)
    return text + _edge_hint(term, facts)


def _edge_hint(term: Term, facts: Facts) -> str:
    """Case 20: a single day is enough to overlap a term."""
    if facts.start_date < facts.end_date == term.start:
        return f" Training that ends one day earlier would not overlap {term.name}."
    if term.end == facts.start_date < facts.end_date:
        return f" Training that starts one day later would not overlap {term.name}."
    return ""
