"""What the office does beside the flow of a case: it writes, warns, changes an authorization, holds a file."""

from dataclasses import replace
from typing import Any

from cpt.campus.clock import in_words
from cpt.contracts.staff import (
    AcknowledgementAsked,
    AuthorizationChanged,
    ContactAsked,
    LegalHoldChanged,
    OfficeTextChanged,
    StudentMessaged,
)
from intake.domain.history import Code
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, find_request, lock_request, save_request, sql

OFFICE = "The office"


async def save_message(work: UnitOfWork, event: StudentMessaged) -> None:
    if await find_request(work.connection, event.request_id) is None:
        return
    by = event.sent_by.name or OFFICE
    await work.connection.execute(sql.add_message, event.request_id, event.at, event.text, by)
    await add_history(work.connection, event.request_id, event.at, "message", "office")


async def save_contact_asked(work: UnitOfWork, event: ContactAsked) -> None:
    """R33: no verdict; the student should talk to a person soon."""
    if await find_request(work.connection, event.request_id) is None:
        return
    text = (
        f"Please contact our office today about your CPT with {event.employer}. The enrollment that it rests on "
        f"appears to have changed on {in_words(event.effective_on)}. We would like to look at it with you."
    )
    await work.connection.execute(sql.add_message, event.request_id, event.at, text, event.sent_by.name or OFFICE)
    await work.connection.execute(sql.raise_concern, event.alert_id, [event.request_id], event.at)
    await add_history(work.connection, event.request_id, event.at, "contact_asked", "office")


async def save_warning(work: UnitOfWork, event: AcknowledgementAsked) -> None:
    """Case 68."""
    if await find_request(work.connection, event.request_id) is None:
        return
    await work.connection.execute(sql.add_warning, event.request_id, event.code, event.message, event.at)
    await add_history(work.connection, event.request_id, event.at, "warning", "office", message=event.message)


async def change_authorized(work: UnitOfWork, event: AuthorizationChanged) -> None:
    """A change of another version than the one shown is history."""
    request = await lock_request(work.connection, event.request_id)
    shown = request.authorized if request else None
    if request is None or shown is None or shown["version"] != event.authorization_version:
        return
    await save_request(work.connection, replace(request, authorized=shown | _left(event)))
    await work.audit("review", "authorization_changed", event.request_id, canceled=event.canceled)
    until = None if event.canceled or event.authorized_until is None else event.authorized_until.isoformat()
    if event.replaced_by is not None:
        about = {"reference": event.replaced_by.reference, "until": until}
        await add_history(work.connection, event.request_id, event.at, "authorization_replaced", "office", **about)
        return
    code: Code = "authorization_shortened" if until else "authorization_canceled"
    await add_history(work.connection, event.request_id, event.at, code, "office", until=until, reason=event.reason)


def _left(event: AuthorizationChanged) -> dict[str, Any]:
    segments = [segment.model_dump(mode="json") for segment in event.segments]
    until = event.authorized_until.isoformat() if event.authorized_until else None
    by = event.replaced_by.model_dump() if event.replaced_by else None
    left: dict[str, Any] = {"segments": segments, "canceled": event.canceled, "replaced_by": by}
    return left if event.canceled or until is None else left | {"end_date": until}


async def apply_legal_hold(work: UnitOfWork, event: LegalHoldChanged) -> None:
    """Case 70; also before the request is known here (P1)."""
    change = sql.place_hold if event.held else sql.lift_hold
    await work.connection.execute(change, event.request_id, *([event.at] if event.held else []))
    action = "legal_hold_placed" if event.held else "legal_hold_lifted"
    await work.audit("review", action, event.request_id)


async def save_office_text(work: UnitOfWork, event: OfficeTextChanged) -> None:
    """What pages say in the office's own words; an older version changes nothing."""
    await work.connection.execute(sql.put_office_text, event.about, event.version, event.text)
