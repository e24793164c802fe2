"""The courses a CPT rests on: as named, as found in SPIRE, as confirmed by the office (A23)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cpt.campus.calendar import Term
from cpt.campus.courses import is_course, plain_catalog_nbr, plain_subject
from cpt.contracts.values import NamedCourse
from review.cases.dossier import Dossier
from review.domain import Fault, Unfit
from review.store import Case


def courses_of(dossier: Dossier) -> tuple[NamedCourse, ...]:
    """What it rests on now; empty where nobody named a course and none looks like training."""
    return confirmed_courses(dossier) or named_courses(dossier.case)


def confirmed_courses(dossier: Dossier) -> tuple[NamedCourse, ...]:
    """By the office: at approval, on the I-20, or after it."""
    if dossier.standing is not None:
        return dossier.standing.courses
    return approved_courses(dossier.case)


def approved_courses(case: Case) -> tuple[NamedCourse, ...]:
    return tuple(NamedCourse.model_validate(one) for one in (case.approval or {}).get("courses", ()))


def named_courses(case: Case) -> tuple[NamedCourse, ...]:
    """By the student; for a request of before courses were named, those that enrollment-sync supposes."""
    return case.completed.facts.courses or tuple(NamedCourse.model_validate(one) for one in case.assumed_courses or ())


def as_found(dossier: Dossier) -> tuple[NamedCourse, ...]:
    """As named, with the class that SPIRE shows for it."""
    return tuple(found_class(dossier, course) or course for course in named_courses(dossier.case))


def found_class(dossier: Dossier, course: NamedCourse) -> NamedCourse | None:
    """The class that the last check found for this course, enrolled; also where another one of its term is lacking."""
    findings = dossier.answer.findings if dossier.answer else ()
    found = (one for finding in findings for one in finding.courses or filter(None, (finding.course,)))
    return next((one for one in found if same_course(one, course)), None)


def same_course(one: NamedCourse, other: NamedCourse) -> bool:
    """The same term and number; two class numbers, where both are known, are two sections."""
    return _key(one) == _key(other) and (None in (one.class_nbr, other.class_nbr) or one.class_nbr == other.class_nbr)


def is_correction(said: Sequence[NamedCourse], named: Sequence[NamedCourse]) -> bool:
    """Whether the office names other courses than the student did."""
    return len(said) != len(named) or not all(any(same_course(one, other) for other in named) for one in said)


def sound_courses(dossier: Dossier, said: Iterable[NamedCourse]) -> tuple[NamedCourse, ...]:
    """In one spelling. Raises `Unfit` with every fault: a co-op needs one in all, any other training one a term."""
    courses = tuple(_plain(course) for course in said)
    terms = {term.strm: term.name for term in overlapped_terms(dossier)}
    if faults := tuple(_faults(courses, terms, coop=dossier.case.completed.facts.route == "coop")):
        raise Unfit(*faults)
    return courses


def overlapped_terms(dossier: Dossier) -> Sequence[Term]:
    facts = dossier.case.completed.facts
    return dossier.calendar.overlapped_terms(facts.start_date, facts.end_date)


def courses_view(dossier: Dossier) -> list[dict[str, Any]]:
    """`found`: the last check found it, as `found_class`; `confirmed`: by the office."""
    confirmed = bool(confirmed_courses(dossier))
    return [
        {
            **course.model_dump(),
            "found": (found := found_class(dossier, course)) is not None,
            "found_class": found.class_nbr if found else None,
            "confirmed": confirmed,
        }
        for course in courses_of(dossier)
    ]


def _faults(courses: Sequence[NamedCourse], terms: dict[str, str], *, coop: bool) -> Iterator[Fault]:
    for place, course in enumerate(courses):
        if course.strm not in terms:
            yield Fault(f"courses.{place}.strm", "other_term", "The training has no day in this term.")
        if not is_course(course.subject, course.catalog_nbr, course.class_nbr):
            yield Fault(f"courses.{place}", "no_course", "Write it as SPIRE does: COMPSCI, 698 and, if known, 41234.")
        if course in courses[:place]:
            yield Fault(f"courses.{place}", "twice", "This course is named twice.")
    named = {course.strm for course in courses}
    for strm, name in terms.items():
        if strm not in named and not (coop and named):
            yield Fault("courses", "missing", f"Name the course for {name}.")


def _plain(course: NamedCourse) -> NamedCourse:
    return NamedCourse(
        strm=course.strm.strip(),
        subject=plain_subject(course.subject),
        catalog_nbr=plain_catalog_nbr(course.catalog_nbr),
        class_nbr=(course.class_nbr or "").strip() or None,
    )


def _key(course: NamedCourse) -> tuple[str, str, str]:
    return course.strm, plain_subject(course.subject), plain_catalog_nbr(course.catalog_nbr)
