"""Notifier's HTTP API: which mails left, which did not, and what they say."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from cpt.contracts.notifier import NoticeKind
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Line
from cpt.web.people import require
from cpt.web.person import Person
from notifier.domain import NoticeState
from notifier.record_bounce import record_bounce
from notifier.show_notices import Wanted, read_notice, show_notices

Staff = Annotated[Person, Depends(require("adviser", "director", "compliance", "operations"))]
Operations = Annotated[Person, Depends(require("operations"))]
Reader = Annotated[Person, Depends(require("adviser", "director", "compliance"))]


class NoticeView(BaseModel):
    """`due_at` is the next attempt while `state` is due; `unknown_outcomes` of the attempts may have arrived."""

    notice_id: str
    kind: NoticeKind
    subject_id: str
    caused_by: str
    recipient: str
    copies: list[str]
    message_id: str
    state: NoticeState
    reserved_at: datetime
    due_at: datetime
    attempts: int
    unknown_outcomes: int
    last_answer: str | None
    finished_at: datetime | None


class MailView(BaseModel):
    kind: NoticeKind
    subject: str
    text: str
    html: str


class BounceBody(BaseModel):
    """`reason` is what the mail system said, without the address."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: Annotated[Line, Field(min_length=1)]


def notices_router(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/api/notices", tags=["notices"])

    @router.get("", response_model=list[NoticeView])
    async def notices(
        reader: Staff,
        subject_id: str | None = None,
        state: NoticeState | None = None,
        limit: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    ) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return await show_notices(connection, Wanted(subject_id, state, limit), reader.sub)

    @router.get("/{notice_id}/preview", response_model=MailView)
    async def preview(notice_id: str, reader: Reader) -> dict[str, str]:
        async with database.transaction() as connection:
            return await read_notice(connection, notice_id, reader.sub, clock())

    @router.post("/{notice_id}/bounced", status_code=204)
    async def bounced(notice_id: str, body: BounceBody, person: Operations) -> None:
        async with database.transaction() as connection:
            await record_bounce(connection, notice_id, person.sub, body.reason, clock())

    return router
