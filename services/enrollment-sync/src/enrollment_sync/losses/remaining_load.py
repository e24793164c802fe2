"""What a loss leaves of its term: the student's other courses, and units against the full load (R33)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from enrollment_sync.domain import Row, running_of
from enrollment_sync.dossier import Dossier

ASK_FOR_A_FULL_LOAD = frozenset({"fall", "spring"})


def remaining_load(dossier: Dossier, strm: str, gone: str | None) -> dict[str, Any]:
    """Fields of `RequirementLost`; `gone`: the class number. What is left is information, it replaces nothing."""
    others = tuple(sorted({" ".join(row.course) for row in running(dossier, strm) if row.class_nbr != gone}))
    return {
        "qualifying_left": (),
        "other_courses": others,
        "units_after": units_of(running(dossier, strm)),
        "full_load": full_load(dossier, strm),
    }


def units_of(rows: Iterable[Row]) -> Decimal:
    return sum((row.units for row in rows), Decimal(0))


def full_load(dossier: Dossier, strm: str) -> Decimal | None:
    """X4: asked for in Fall and Spring alone."""
    term = dossier.calendar.term(strm)
    if term is None or dossier.profile is None or term.season not in ASK_FOR_A_FULL_LOAD:
        return None
    graduate = dossier.profile.acad_career == "GRAD"
    policy = dossier.policy
    return policy.graduate_full_load if graduate else policy.undergraduate_full_load


def running(dossier: Dossier, strm: str) -> list[Row]:
    """The classes the student sits in; labs follow their lecture."""
    known = dossier.known.enrollments
    rows = [row for row in known.in_term(dossier.emplid, strm) if row.is_primary]
    return running_of(known, rows, dossier.policy.codes)
