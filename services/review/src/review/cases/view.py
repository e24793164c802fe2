"""The case in the form that people and programs read (docs/api)."""

from collections.abc import Mapping, Sequence
from typing import Any

from cpt.campus.hours import as_number
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.values import StudentProfile
from review.cases.courses import courses_view, overlapped_terms
from review.cases.dossier import Dossier
from review.cases.flags import flags_of, hours_of
from review.cases.view_dates import authorization_view, cannot_issue, changes_view, dates_view
from review.store import Case

CaseView = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]


def case_view(dossier: Dossier, beside: Mapping[str, Rows], around: Mapping[str, Any], history: Rows) -> CaseView:
    """`around`: its tasks, its alerts, and what cannot be read about the student."""
    case, done = dossier.case, dossier.case.completed
    return {
        "request_id": case.request_id,
        "reference": done.reference,
        "courses": courses_view(dossier),
        "terms": [term.strm for term in overlapped_terms(dossier)],
        "classes": [one.model_dump(mode="json") for one in dossier.answer.classes] if dossier.answer else [],
        "receipt_number": case.receipt_number,
        "student": {"emplid": done.facts.emplid, "name": done.recipient.name, **_profile(dossier.student)},
        "hours": {**hours_of(case).model_dump(), "per_week": as_number(hours_of(case).per_week)},
        "state": case.state,
        "held_by": case.holder.sub if case.holder else None,
        "held_by_name": case.holder.name if case.holder else None,
        "received_at": done.received_at,
        "due_on": case.due_on,
        "unverified": case.unverified,
        "flags": [flag.model_dump() for flag in flags_of(dossier)],
        "letter": [fact.model_dump() for fact in done.letter],
        "enrollment": _enrollment(dossier.answer),
        **dates_view(dossier),
        "cannot_issue": cannot_issue(dossier),
        "request": _request(case),
        "consultation": dossier.consultation,
        "changes": changes_view(dossier),
        "authorization_version": dossier.standing.version if dossier.standing else None,
        "authorization": authorization_view(dossier.standing) if dossier.standing else None,
        **around,
        "notes": beside["note"],
        "messages": beside["message"],
        "acknowledged": [{"code": row["text"], "at": row["at"]} for row in beside["acknowledgement"]],
        "legal_hold": next(iter(beside["hold"]), None),
        "history": [{"at": row["at"], "what": row["action"], "by": row["actor"]} for row in history],
        "version": case.version,
    }


def _profile(student: StudentProfile | None) -> CaseView:
    """What the DSO needs of SPIRE's record, as of the last check."""
    names = ("acad_career", "level", "program", "program_end_date", "admit_until", "sevis_id", "fulltime_cpt_days")
    return {name: getattr(student, name) if student else None for name in names}


def _enrollment(answer: EnrollmentChecked | None) -> CaseView:
    return {
        "outcome": answer.outcome if answer else "pending",
        "checked_at": answer.checked_at if answer else None,
        "undetermined": answer.undetermined if answer else None,
        "findings": [finding.model_dump() for finding in answer.findings] if answer else [],
        "rule_version": answer.rule_version if answer else None,
        "calendar_version": answer.calendar_version if answer else None,
    }


def _request(case: Case) -> CaseView:
    """The form, the agreement and the documents; each document by its place in this list."""
    done = case.completed
    documents = [
        {"n": n, **document.model_dump(mode="json", exclude={"object_key"})}
        for n, document in enumerate(done.documents, 1)
    ]
    return {
        **done.form.model_dump(mode="json"),
        "hours_per_week": as_number(done.form.hours_per_week),
        "paid": True,  # an unpaid offer never completes (R13)
        "route": done.facts.route,
        "start_date": done.facts.start_date,
        "end_date": done.facts.end_date,
        "agreement": done.agreement.model_dump(mode="json") if done.agreement else None,
        "documents": documents,
    }
