"""The I-20 exists: recorded only on a met that this very issuance asked for (R30, R54, P21)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cpt.campus.authorization import Authorization as Dates
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.review import I20Issued
from cpt.contracts.values import Gap, Person, Segment, SevisDocument
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.ask_for_issuance import ask_spire
from review.cases.authorized_dates import authorized_dates
from review.cases.flags import hours_of
from review.cases.gates import ask_gate
from review.cases.holding import lock_held_case
from review.domain import GateAnswer, require_drawn
from review.store import Authorization, Case, Cause, latest_authorization, move_number, sql, write_audit


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """As the DSO entered it, `issued_on` an Eastern day not to come; SEVIS itself is not written by this system."""

    sha256: str
    name: str
    issued_on: date
    signed_by: str


async def record_i20(
    connection: Connection, request_id: str, adviser: Person, document: IssuedDocument, now: datetime, valid: timedelta
) -> GateAnswer:
    """`open` when it is issued now, or was with this document; otherwise the document is kept and SPIRE is asked.

    The caller commits in every case and answers 409 unless it is open. `valid`: how long an answer opens the gate.
    Raises `Refused` (wrong_state, not_yours, nothing_to_authorize).
    """
    case = await lock_held_case(connection, request_id, adviser, {"approved", "issued"})
    standing = await latest_authorization(connection, request_id)
    if case.state == "issued" and standing is not None and standing.document_sha256 == document.sha256:
        return "open"
    await connection.execute(sql.keep_document, request_id, _as_kept(document))
    if case.issuance_id is None or case.issuance_asked_at is None or now - case.issuance_asked_at > valid:
        await ask_spire(connection, case, now)
        return "check_pending"
    opinion, answer, calendar = await ask_gate(connection, case, case.issuance_id)
    if opinion == "open":
        assert answer is not None
        dates = authorized_dates(case, answer, calendar, start=_start_set(case), issued_on=document.issued_on)
        await _issue(connection, case, adviser, document, dates, answer, standing, now)
    elif opinion == "enrollment_not_met":
        await _tell_of_unmet(connection, case, now)
    return opinion


async def _issue(
    connection: Connection,
    case: Case,
    adviser: Person,
    document: IssuedDocument,
    dates: Dates,
    answer: EnrollmentChecked,
    standing: Authorization | None,
    now: datetime,
) -> None:
    event = _event(case, adviser, document, dates, answer, standing, now)
    cause = Cause("record_i20", adviser.sub, now)
    if case.state != "issued":
        require_drawn(case.state, "issued")
        assert case.receipt_number is not None
        await move_number(
            connection, case.receipt_number, "closed", cause, request_id=case.request_id, round_=case.round
        )
    version = await connection.fetchval(sql.issue_case, case.request_id)
    await connection.execute(
        sql.add_authorization, case.request_id, event.authorization_version, event, document.sha256
    )
    await append(connection, event, sequence=version, now=now)
    detail = {"authorization_version": event.authorization_version, "relied_on_check": answer.check_no}
    await write_audit(connection, cause, "i20_recorded", case.request_id, **detail)


def _event(
    case: Case,
    adviser: Person,
    document: IssuedDocument,
    dates: Dates,
    answer: EnrollmentChecked,
    standing: Authorization | None,
    now: datetime,
) -> I20Issued:
    form = case.completed.form
    return I20Issued(
        request_id=case.request_id,
        round=case.round,
        receipt_number=case.receipt_number,
        reference=case.completed.reference,
        facts=case.completed.facts,
        authorization_version=standing.version + 1 if standing else 1,
        replaces=standing.version if standing else None,
        relied_on_check=answer.check_no,
        employer=form.employer,
        location="; ".join(f"{place.city}, {place.region}" for place in form.work_locations),
        hours=hours_of(case),
        requested_start=case.completed.facts.start_date,
        segments=tuple(Segment(strm=s.strm, start_date=s.start_date, end_date=s.end_date) for s in dates.segments),
        gaps=tuple(Gap(start_date=g.start_date, end_date=g.end_date, why=g.why) for g in dates.gaps),
        issued_on=document.issued_on,
        issued_at=now,
        signed_by=document.signed_by,
        recorded_by=adviser,
        document=SevisDocument(sha256=document.sha256, name=document.name),
        recipient=case.completed.recipient,
    )


async def _tell_of_unmet(connection: Connection, case: Case, now: datetime) -> None:
    detail = "An I-20 may exist in SEVIS although SPIRE no longer shows the enrollment. Please look at once."
    await connection.execute(sql.add_task, case.request_id, "i20_without_enrollment", detail, now)


def _as_kept(document: IssuedDocument) -> dict[str, str]:
    return {
        "sha256": document.sha256,
        "name": document.name,
        "issued_on": document.issued_on.isoformat(),
        "signed_by": document.signed_by,
    }


def _start_set(case: Case) -> date | None:
    start = (case.approval or {}).get("authorized_start")
    return date.fromisoformat(start) if start else None
