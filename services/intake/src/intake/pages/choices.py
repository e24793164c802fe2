"""The classes a student may pick from, by term; whatever is picked or typed only names a course (A23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cpt.campus.calendar import AcademicCalendar, Term
from cpt.web.person import Person
from intake.pages.steps import Step
from intake.spire import OfferedClass, SpireDirectory


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """One overlapped term; `lines` are the numbers of the typed lines, of which the last is blank."""

    term: Term
    choices: tuple[Choice, ...]
    lines: tuple[int, ...]


async def course_groups(
    directory: SpireDirectory, student: Person, step: Step, typed: Mapping[str, str], calendar: AcademicCalendar
) -> list[Group]:
    """Nothing but for the step about courses; classes are asked of SPIRE, typing is possible when it is silent."""
    if not step.courses:
        return []
    terms = _touched(typed, calendar)
    offered = await directory.find_classes(student.sub) if terms else ()
    return [Group(term, _choices(term, offered, typed), _lines(term, typed)) for term in terms]


def _touched(typed: Mapping[str, str], calendar: AcademicCalendar) -> Sequence[Term]:
    try:
        start, end = date.fromisoformat(typed.get("start_date", "")), date.fromisoformat(typed.get("end_date", ""))
    except ValueError:
        return ()
    return calendar.overlapped_terms(start, end) if start <= end else ()


def _choices(term: Term, offered: Sequence[OfferedClass], typed: Mapping[str, str]) -> tuple[Choice, ...]:
    """What SPIRE lists, and what was picked before and is not listed any more."""
    listed = {f"class.{one.strm}.{one.class_nbr}": one for one in offered if one.strm == term.strm}
    choices = [Choice(name, f"{one.subject} {one.catalog_nbr}", _words(one)) for name, one in listed.items()]
    gone = [name for name in typed if name.startswith(f"class.{term.strm}.") and name not in listed]
    return (*choices, *(Choice(name, typed[name], f"{typed[name]}, class {name.split('.')[2]}") for name in gone))


def _words(one: OfferedClass) -> str:
    return f"{one.subject} {one.catalog_nbr}, class {one.class_nbr}, {one.units} units{', wait-listed' if one.waits else ''}"


def _lines(term: Term, typed: Mapping[str, str]) -> tuple[int, ...]:
    prefix = f"course.{term.strm}."
    used = sorted({int(name.split(".")[2]) for name, text in typed.items() if name.startswith(prefix) and text.strip()})
    return (*used[:10], max(used, default=-1) + 1)
