"""Handshake's read API as its pages describe one: a key, changes since a time, pages, a limit of calls (docs/connect.md)."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query

from infra.campus.campus import HeldCampus
from infra.campus.handshake import Agreement

PER_PAGE = 25
_WORDS = {"coop": "Co-op", "needs_review": "Needs Review"}

router = APIRouter(prefix="/handshake/api/v1")


@router.get("/experiences")
async def experiences(
    campus: HeldCampus,
    updated_after: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
    authorization: Annotated[str, Header()] = "",
) -> dict[str, Any]:
    """What changed at that time or later, oldest change first."""
    _require_key(campus, authorization)
    _suffer(campus)
    told = sorted((at.isoformat(), one) for one, at in campus.handshake.changed.items())
    wanted = [(at, campus.handshake.agreements[one]) for at, one in told if at >= updated_after]
    start = (page - 1) * PER_PAGE
    return {"experiences": [_view(one, at) for at, one in wanted[start : start + PER_PAGE]], "page": page}


def _require_key(campus: HeldCampus, authorization: str) -> None:
    key = campus.settings.handshake_key.get_secret_value()
    if not secrets.compare_digest(authorization.removeprefix("Bearer ").encode(), key.encode()):
        raise HTTPException(401, "an API key is needed")


def _suffer(campus: HeldCampus) -> None:
    """In mode `limited` the limit of calls is used up at each first question."""
    mode = campus.handshake.mode
    if mode == "down":
        raise HTTPException(503, "Handshake is not available")
    if mode == "wrong":
        raise HTTPException(200, "<html>Maintenance</html>")
    campus.handshake.asked += 1
    if mode == "limited" and campus.handshake.asked % 2:
        raise HTTPException(429, "too many calls", {"Retry-After": "1"})


def _view(agreement: Agreement, updated_at: str) -> dict[str, Any]:
    return {
        "id": agreement.agreement_id,
        "student_id": agreement.emplid,
        "type": _word(agreement.kind),
        "status": _word(agreement.status),
        "employer_name": agreement.employer,
        "start_date": agreement.start_date.isoformat(),
        "end_date": agreement.end_date.isoformat(),
        "approved_at": agreement.approved_at,
        "updated_at": updated_at,
    }


def _word(code: str) -> str:
    return _WORDS.get(code, code.capitalize())
