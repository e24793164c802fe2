"""The I-20 exists: the student's page shows exactly what it authorizes; counts in any round (P5, P23, R54, R58)."""

from dataclasses import replace
from typing import Any

from cpt.contracts.review import I20Issued
from intake.domain.history import Code
from intake.domain.request import Request
from intake.events import courses_of
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request


async def record_i20(work: UnitOfWork, event: I20Issued) -> None:
    """A lower authorization version than the one shown is history; the agreement is compared again (P23)."""
    request = await lock_request(work.connection, event.request_id)
    if request is None or _version(request) >= event.authorization_version:
        return
    after = replace(
        request,
        phase="issued",
        shown="",
        wish_at=None,
        returns=(),
        missing=(),
        authorized=_authorized(event),
        confirmed=courses_of(event.courses) or request.confirmed,
    )
    await reevaluate_request(work, request, after, "agreement")
    await work.audit("review", "i20_issued", request.request_id, version=event.authorization_version)
    code: Code = "i20_issued" if event.replaces is None else "i20_replaced"
    days = {"start": event.segments[0].start_date.isoformat(), "end": event.segments[-1].end_date.isoformat()}
    await add_history(work.connection, request.request_id, event.issued_at, code, "office", **days)
    if event.earlier is not None:
        until = event.earlier.until and event.earlier.until.isoformat()
        about: dict[str, Any] = {"reference": event.earlier.reference, "until": until}
        await add_history(work.connection, request.request_id, event.issued_at, "earlier_ends", "office", **about)


def _version(request: Request) -> int:
    return request.authorized["version"] if request.authorized else 0


def _authorized(event: I20Issued) -> dict[str, Any]:
    return {
        "version": event.authorization_version,
        "start_date": event.segments[0].start_date.isoformat(),
        "end_date": event.segments[-1].end_date.isoformat(),
        "requested_start": event.requested_start.isoformat(),
        "employer": event.employer,
        "location": event.location,
        "segments": [segment.model_dump(mode="json") for segment in event.segments],
        "gaps": [gap.model_dump(mode="json") for gap in event.gaps],
    }
