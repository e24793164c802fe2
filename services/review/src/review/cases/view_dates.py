"""The authorized days in the form that people and programs read: what stands, else what could be."""

from collections.abc import Sequence
from typing import Any

from cpt.campus.authorization import Authorization as Dates
from cpt.campus.hours import as_number
from cpt.contracts.values import Segment
from review.authorizations import Authorization
from review.cases.authorized_dates import authorized_dates, require_within_program
from review.cases.dossier import Dossier
from review.cases.replacement import ended
from review.domain import Refused


def dates_view(dossier: Dossier) -> dict[str, Any]:
    """What stands of what was issued; before that what could be."""
    if dossier.standing is not None:
        gaps = [gap.model_dump() for gap in dossier.standing.issued.gaps]
        return {"segments": _segments(dossier.standing.segments), "gaps": gaps}
    try:
        dates = authorized_dates(dossier, start=dossier.start_set, issued_on=None)
    except Refused as refused:
        return {"segments": [], "gaps": [], "not_authorizable": str(refused)}
    return _possible(dates)


def _possible(dates: Dates) -> dict[str, Any]:
    return {
        "segments": [{"strm": s.strm, "start_date": s.start_date, "end_date": s.end_date} for s in dates.segments],
        "gaps": [{"start_date": g.start_date, "end_date": g.end_date, "why": g.why} for g in dates.gaps],
        "clips": [{"edge": c.edge, "asked": c.asked, "granted": c.granted, "why": c.why} for c in dates.clips],
    }


def cannot_issue(dossier: Dossier) -> str | None:
    """X2, said before anybody types into SEVIS."""
    if dossier.standing is not None:
        return None
    try:
        require_within_program(dossier, start=dossier.start_set, issued_on=None)
    except Refused as refused:
        return str(refused)
    return None


def changes_view(dossier: Dossier) -> dict[str, Any] | None:
    """The authorization that this request asks to change, as it stands now."""
    earlier = dossier.changes
    if earlier is None:
        return None
    issued = earlier.issued
    return {
        "request_id": earlier.request_id,
        "reference": issued.reference,
        "employer": issued.employer,
        "location": issued.location,
        "hours": {**issued.hours.model_dump(), "per_week": as_number(issued.hours.per_week)},
        "segments": _segments(earlier.segments),
        "canceled": earlier.end is None,
        "begun": earlier.start <= dossier.today,
        "ends": _ends(dossier),
    }


def _ends(dossier: Dossier) -> dict[str, Any] | None:
    """What recording the I-20 leaves of it; None where it takes no day of it, or could not be issued."""
    try:
        dates = authorized_dates(dossier, start=dossier.start_set, issued_on=None)
    except Refused:
        return None
    found = ended(dossier, dates.segments[0].start_date)
    return found.model_dump(include={"canceled", "until"}) if found else None


def authorization_view(standing: Authorization) -> dict[str, Any]:
    """As issued, and what became of it."""
    issued = standing.issued
    return {
        "version": standing.version,
        "issued_on": issued.issued_on,
        "signed_by": issued.signed_by,
        "recorded_by": issued.recorded_by.sub,
        "as_issued": _segments(issued.segments),
        "segments": _segments(standing.segments),
        "canceled": bool(standing.canceled),
        "until": standing.until,
        "sevis": standing.sevis,
    }


def _segments(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    return [segment.model_dump() for segment in segments]
