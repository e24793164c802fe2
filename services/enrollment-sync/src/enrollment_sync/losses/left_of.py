"""What a loss leaves of its term: courses that still qualify, and units against the full load (domain §4)."""

from decimal import Decimal
from typing import Any

from enrollment_sync.domain.policy import STANDARD
from enrollment_sync.dossier import Dossier
from enrollment_sync.watch import Watch

ASK_FOR_A_FULL_LOAD = frozenset({"fall", "spring"})


def left_of(dossier: Dossier, watch: Watch, strm: str) -> dict[str, Any]:
    """Fields of `RequirementLost`; none where the term cannot be evaluated."""
    after = dossier.evaluate(watch, dossier.known)
    finding = next((one for one in after.findings if one.strm == strm), None) if after else None
    if finding is None:
        return {}
    courses = tuple(one.course for one in finding.classes)
    return {"qualifying_left": courses, "units_after": finding.units, "full_load": _full_load(dossier, strm)}


def _full_load(dossier: Dossier, strm: str) -> Decimal | None:
    term = dossier.calendar.term(strm)
    if term is None or dossier.profile is None or term.season not in ASK_FOR_A_FULL_LOAD:
        return None
    graduate = dossier.profile.acad_career == "GRAD"
    return STANDARD.graduate_full_load if graduate else STANDARD.undergraduate_full_load
