"""The I-20 exists: recorded only on a met that this very issuance asked for (R30, R54, P21)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.authorizations import latest_authorization
from review.cases.ask_for_issuance import ask_spire
from review.cases.authorized_dates import authorized_dates, require_within_program
from review.cases.data_sheet import OUR_OWN_WORDS, SevisText, data_sheet, require_fits
from review.cases.dossier import Dossier
from review.cases.gates import evaluate_gate
from review.cases.issued_event import issued_event
from review.cases.ownership import lock_assigned_case
from review.cases.replacement import end_changed, lock_changed_case
from review.cases.save_decision import save_decision
from review.domain import GateAnswer, require_transition
from review.store import Case, Cause, move_number, sql, write_audit
from review.tasks.open_task import DAYS, open_task


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """As the DSO entered it, `issued_on` an Eastern day not to come; SEVIS itself is not written by this system."""

    sha256: str
    name: str
    issued_on: date
    signed_by: str
    sevis: SevisText = OUR_OWN_WORDS


async def record_i20(
    connection: Connection,
    request_id: str,
    adviser: Person,
    document: IssuedDocument,
    now: datetime,
    valid: timedelta,
    *,
    task_days: int = DAYS,
) -> GateAnswer:
    """`open` when it is issued now, or was with this document; otherwise the document is kept and SPIRE is asked.

    The caller commits in every case and answers 409 unless it is open. `valid`: how long an answer opens the gate.
    Raises `Refused` (wrong_state, not_yours, nothing_to_authorize, after_program_end), `Unfit`.
    """
    await lock_changed_case(connection, request_id)
    case = await lock_assigned_case(connection, request_id, adviser, {"approved", "issued"})
    standing = await latest_authorization(connection, request_id)
    if case.state == "issued" and standing is not None and standing.document_sha256 == document.sha256:
        return "open"
    require_fits(document.sevis)
    await connection.execute(sql.keep_document, request_id, _as_kept(document))
    if case.issuance_id is None or case.issuance_asked_at is None or now - case.issuance_asked_at > valid:
        await ask_spire(connection, case, now)
        return "check_pending"
    opinion, dossier = await evaluate_gate(connection, case, case.issuance_id, now)
    if opinion == "open":
        await _issue(connection, dossier, adviser, document, now)
    elif opinion == "enrollment_not_met":
        await _tell_of_unmet(connection, case, Cause("record_i20", adviser.sub, now), task_days)
    return opinion


async def _issue(
    connection: Connection, dossier: Dossier, adviser: Person, document: IssuedDocument, now: datetime
) -> None:
    case, cause = dossier.case, Cause("record_i20", adviser.sub, now)
    start, issued_on = dossier.start_set, document.issued_on
    require_within_program(dossier, start=start, issued_on=issued_on)
    dates = authorized_dates(dossier, start=start, issued_on=issued_on)
    event = issued_event(dossier, dates, adviser, now, **_printed(document))
    await _close_number(connection, case, cause)
    version = await connection.fetchval(sql.issue_case, case.request_id)
    sheet = data_sheet(dossier, event.segments, document.sevis).as_sent
    await connection.execute(
        sql.add_authorization, case.request_id, event.authorization_version, event, document.sha256, sheet
    )
    await append(connection, event, sequence=version, now=now)
    await end_changed(connection, dossier, event.segments[0].start_date, adviser, cause)
    assert dossier.answer is not None
    detail = {"authorization_version": event.authorization_version, "relied_on_check": dossier.answer.check_no}
    await save_decision(connection, dossier, "issued", cause, **detail, document=_as_kept(document))
    await write_audit(connection, cause, "i20_recorded", case.request_id, **detail)


async def _close_number(connection: Connection, case: Case, cause: Cause) -> None:
    if case.state == "issued":
        return
    require_transition(case.state, "issued")
    assert case.receipt_number is not None
    await move_number(connection, case.receipt_number, "closed", cause, request_id=case.request_id, round_=case.round)


async def _tell_of_unmet(connection: Connection, case: Case, cause: Cause, task_days: int) -> None:
    detail = "An I-20 may exist in SEVIS although SPIRE no longer shows the enrollment. Please look at once."
    await open_task(connection, case.request_id, "i20_without_enrollment", detail, cause, days=task_days)


def _printed(document: IssuedDocument) -> dict[str, Any]:
    return {
        "issued_on": document.issued_on,
        "signed_by": document.signed_by,
        "sha256": document.sha256,
        "name": document.name,
    }


def _as_kept(document: IssuedDocument) -> dict[str, Any]:
    printed = _printed(document) | {"issued_on": document.issued_on.isoformat()}
    return printed | {"sevis": document.sevis.entered}
