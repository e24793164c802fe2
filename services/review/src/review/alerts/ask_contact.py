"""Staff ask the student to contact the office today: a prepared notice, without any verdict (R33)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cpt.campus.clock import eastern_date
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.staff import ContactAsked
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.domain import AlertRefused
from review.alerts.store import Alert, add_note, lock_known_alert, sql
from review.store import Cause, write_audit
from review.store import sql as review_sql

ASKED = "The student was asked to contact the office today."


async def ask_contact(connection: Connection, alert_id: str, person: Person, now: datetime) -> None:
    """Once a day, one letter however many authorizations are hit. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await lock_known_alert(connection, alert_id)
    if alert.state not in ("confirmed", "acknowledged"):
        raise AlertRefused(f"The alert is {alert.state}; the student is asked about a confirmed one.")
    if asked_today(alert.notes, now):
        raise AlertRefused("The student was asked today already.")
    cause = Cause("ask_contact", person.sub, now)
    await _send(connection, alert, person, now)
    await add_note(connection, alert_id, cause, ASKED)
    await write_audit(connection, cause, "contact_asked", alert_id)


async def _send(connection: Connection, alert: Alert, person: Person, now: datetime) -> None:
    request_id = alert.request_ids[0]
    case = await connection.fetchrow(sql.reference_of_case, request_id)
    if case is None:
        raise AlertRefused("No completed request is known here, so there is no address to write to.")
    done = RequestCompleted.model_validate(case["completion"])
    event = ContactAsked(
        request_id=request_id,
        round=case["round"],
        receipt_number=case["receipt_number"],
        reference=done.reference,
        alert_id=alert.alert_id,
        employer=done.form.employer,
        course=alert.loss.course,
        effective_on=alert.effective_on,
        sent_by=person,
        recipient=done.recipient,
        at=now,
    )
    await append(connection, event, sequence=case["version"] + 1, now=now)
    await connection.execute(review_sql.touch_case, request_id)


def asked_today(notes: Iterable[Mapping[str, Any]], now: datetime) -> datetime | None:
    """When the student was asked on this Eastern day; None where not yet."""
    asked = (datetime.fromisoformat(note["at"]) for note in notes if note["text"] == ASKED)
    return next((at for at in asked if eastern_date(at) == eastern_date(now)), None)
