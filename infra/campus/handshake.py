"""The agreements Handshake has told of, so that a person can approve or withdraw them on the console."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from infra.campus.clock import stamp
from infra.campus.faults import HandshakeMode
from infra.campus.records import CloudEvent, cloud_event

AGREEMENT_CHANGED = "com.joinhandshake.agreement-changed.v1"
AGREEMENT_SOURCE = "/handshake/experiences"


class Agreement(BaseModel):
    agreement_id: str
    emplid: str
    kind: str
    status: str
    previous_status: str | None = None
    employer: str
    start_date: date
    end_date: date
    terms: list[str] = []
    approved_at: str | None = None
    version: int


@dataclass(slots=True)
class Handshake:
    agreements: dict[str, Agreement] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    """When each was changed last, by which the read API orders them."""
    mode: HandshakeMode = "ok"
    asked: int = 0

    def follow_event(self, event: CloudEvent) -> None:
        """A lower or equal version changes nothing; malformed data is sent, but not kept."""
        if event.get("type") != AGREEMENT_CHANGED:
            return
        try:
            self.keep(Agreement.model_validate(event.get("data")))
        except ValidationError:
            return  # sent all the same: the receivers are to be seen coping with it

    def keep(self, agreement: Agreement) -> None:
        known = self.agreements.get(agreement.agreement_id)
        if known is None or agreement.version > known.version:
            self.agreements[agreement.agreement_id] = agreement
            self.changed[agreement.agreement_id] = datetime.now(UTC)

    def of_student(self, emplid: str) -> list[Agreement]:
        return [agreement for agreement in self.agreements.values() if agreement.emplid == emplid]


def new_agreement(emplid: str, kind: str, employer: str, start: date, end: date, terms: list[str]) -> Agreement:
    """Not told to anyone yet: its first event carries version 1."""
    return Agreement(
        agreement_id=f"HS-{uuid.uuid4().hex[:8]}",
        emplid=emplid,
        kind=kind,
        status="pending",
        employer=employer,
        start_date=start,
        end_date=end,
        terms=terms,
        version=0,
    )


def change_agreement(agreement: Agreement, status: str, now: datetime) -> CloudEvent:
    data: dict[str, Any] = agreement.model_dump(mode="json")
    data |= {
        "status": status,
        "previous_status": agreement.status if agreement.version else None,
        "approved_at": stamp(now) if status == "approved" else agreement.approved_at,
        "version": agreement.version + 1,
    }
    return cloud_event(AGREEMENT_CHANGED, AGREEMENT_SOURCE, agreement.agreement_id, data, now)
