"""The calls under /demo: what tests and demonstrations do to the campus (docs/connect.md)."""

from dataclasses import asdict
from typing import Any, Literal, Self

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, model_validator

from infra.campus.campus import HeldCampus
from infra.campus.clock import stamp
from infra.campus.emitter import NotConnectedError
from infra.campus.faults import Faults, HandshakeFault, MailFault, SpireFault
from infra.campus.http_path import send_over_http
from infra.campus.mail import Mail
from infra.campus.records import CloudEvent
from infra.campus.settings import TOKEN_SECONDS
from infra.campus.spire import Profile
from infra.campus.spire_api import enrollment_view, known
from infra.campus.spire_api import profile as show_profile

router = APIRouter(prefix="/demo")


class Who(BaseModel):
    sub: str = Field(min_length=1)
    roles: list[str] = []


class RowIn(BaseModel):
    """A row is kept as it comes; only what it is found by must be there. One with `withdraw_code` is a term's."""

    model_config = ConfigDict(extra="allow")

    strm: str
    class_nbr: str | None = None
    withdraw_code: str | None = None
    source_seq: int | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if self.class_nbr is None and self.withdraw_code is None:
            raise ValueError("a row needs class_nbr, a term withdrawal withdraw_code")
        return self


@router.post("/token")
async def token(campus: HeldCampus, who: Who) -> dict[str, Any]:
    signed = campus.signer.access_token(campus.named(who.sub, who.roles))
    return {"access_token": signed, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


@router.put("/students/{emplid}", response_model_exclude_none=True)
async def put_student(campus: HeldCampus, emplid: str, profile: Profile) -> Profile:
    """The EMPLID of the address counts."""
    profile = profile.model_copy(update={"emplid": emplid})
    campus.spire.put_profile(profile)
    return profile


router.get("/students/{emplid}", response_model_exclude_none=True)(show_profile)


@router.put("/students/{emplid}/enrollments")
async def put_enrollments(campus: HeldCampus, emplid: str, rows: list[RowIn]) -> dict[str, Any]:
    campus.spire.replace_rows(emplid, [row.model_dump(exclude_unset=True) for row in rows])
    return enrollment_view(campus.spire.students[emplid], campus.clock)


@router.get("/students/{emplid}/enrollments")
async def get_enrollments(campus: HeldCampus, emplid: str) -> dict[str, Any]:
    return enrollment_view(known(campus, emplid), campus.clock)


@router.post("/events")
async def events(
    campus: HeldCampus, events: list[CloudEvent], via: Literal["kafka", "http"] = "kafka"
) -> dict[str, Any]:
    try:
        sent = await (campus.report(events) if via == "kafka" else send_over_http(campus, events))
    except NotConnectedError as error:
        raise HTTPException(503, str(error), {"Retry-After": "1"}) from error
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    return {"sent": sent}


@router.put("/faults")
async def put_faults(campus: HeldCampus, faults: Faults) -> Faults:
    campus.spire_mode = faults.spire.mode if faults.spire else campus.spire_mode
    campus.mail.mode = faults.mail.mode if faults.mail else campus.mail.mode
    campus.handshake.mode = faults.handshake.mode if faults.handshake else campus.handshake.mode
    return await get_faults(campus)


@router.get("/faults")
async def get_faults(campus: HeldCampus) -> Faults:
    return Faults(
        spire=SpireFault(mode=campus.spire_mode),
        mail=MailFault(mode=campus.mail.mode),
        handshake=HandshakeFault(mode=campus.handshake.mode),
    )


@router.get("/mail")
async def mail(campus: HeldCampus, to: str | None = None) -> list[dict[str, Any]]:
    """Oldest first; one item for each recipient."""
    return [_mail_item(item) for item in campus.mail.sent_to(to)]


def _mail_item(mail: Mail) -> dict[str, Any]:
    return asdict(mail) | {"received_at": stamp(mail.received_at)}
