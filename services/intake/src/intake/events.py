"""A request as the events tell it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from cpt.campus.clock import eastern_date
from cpt.campus.university import HERE
from cpt.contracts.event import Wire
from cpt.contracts.intake import (
    AgreementLost,
    DueDateMoved,
    HoldCause,
    RequestCompleted,
    RequestHeld,
    RequestStatusChanged,
    RequestSubmitted,
    RequestWithdrawn,
)
from cpt.contracts.values import (
    Agreement,
    ChangedAuthorization,
    CoopContract,
    DocumentRef,
    Facts,
    Flag,
    Form,
    LetterFact,
    MissingItem,
    NamedCourse,
    Recipient,
)
from intake.domain.agreements import Loss
from intake.domain.application import Course
from intake.domain.flags import Twin, flags_of
from intake.domain.request import Request
from intake.domain.values import Item
from intake.store import StoredDocument

W = TypeVar("W", bound=Wire)


def submitted(request: Request) -> RequestSubmitted:
    return RequestSubmitted(request_id=request.request_id, facts=_facts(request))


def held(request: Request, number: int, cause: HoldCause) -> RequestHeld:
    """`number` is the one given up."""
    return RequestHeld(
        request_id=request.request_id,
        reference=request.reference,
        round=request.round,
        receipt_number=number,
        cause=cause,
        missing=tuple(_as(MissingItem, item) for item in request.missing or _unpaid(request)),
        recipient=_as(Recipient, request.student),
    )


def status_changed(request: Request, at: datetime) -> RequestStatusChanged:
    """Of a request that waits for something; a complete one is told as such."""
    assert request.state in ("incomplete", "returned", "not_required")
    return RequestStatusChanged(
        request_id=request.request_id,
        reference=request.reference,
        emplid=request.emplid,
        student_name=request.student.name,
        employer=request.application.employer or None,
        status=request.state,
        missing=tuple(_as(MissingItem, item) for item in request.missing),
        submitted_at=request.submitted_at,
        at=at,
    )


def completed(
    request: Request, documents: Iterable[StoredDocument], twins: Iterable[Twin], *, reinstated: bool = False
) -> RequestCompleted:
    """Needs a complete request: it has a number, a clock and facts."""
    assert request.receipt_number is not None
    assert request.received_at is not None
    assert request.due_on is not None
    flags = flags_of(request, eastern_date(request.received_at), twins)
    return RequestCompleted(
        request_id=request.request_id,
        reference=request.reference,
        round=request.round,
        receipt_number=request.receipt_number,
        facts=_facts(request),
        check_no=request.enrollment.check_no if request.enrollment else 0,
        received_at=request.received_at,
        due_on=request.due_on,
        form=_as(Form, request.application),
        agreement=_as(Agreement, request.named) if request.named else None,
        flags=tuple(_as(Flag, flag) for flag in flags),
        documents=tuple(_as(DocumentRef, document) for document in documents),
        letter=tuple(_as(LetterFact, fact) for fact in request.letter.facts) if request.letter else (),
        recipient=_as(Recipient, request.student),
        reinstated=reinstated,
        changes=_as(ChangedAuthorization, request.changes) if request.changes else None,
    )


def withdrawn(request: Request) -> RequestWithdrawn:
    return RequestWithdrawn(request_id=request.request_id, round=request.round, receipt_number=request.receipt_number)


def agreement_lost(request: Request, loss: Loss) -> AgreementLost:
    named = request.named.agreement_id if request.named else None
    return AgreementLost(
        request_id=request.request_id,
        round=request.round,
        agreement_id=named,
        why=loss.why,
        version=loss.version,
        verdict=loss.verdict,
        start_date=loss.start_date,
        end_date=loss.end_date,
    )


def due_date_moved(request: Request, why: str) -> DueDateMoved:
    assert request.receipt_number is not None
    assert request.due_on is not None
    return DueDateMoved(
        request_id=request.request_id,
        round=request.round,
        receipt_number=request.receipt_number,
        due_on=request.due_on,
        why=why,
        reference=request.reference,
        recipient=_as(Recipient, request.student),
    )


def courses_of(named: Iterable[NamedCourse]) -> tuple[Course, ...]:
    return tuple(Course(one.strm, one.subject, one.catalog_nbr, one.class_nbr) for one in named)


def _facts(request: Request) -> Facts:
    facts = request.facts
    assert facts is not None
    return Facts(
        facts_version=request.facts_version,
        emplid=request.emplid,
        route=facts.route,
        start_date=facts.start_date,
        end_date=facts.end_date,
        coop=_as(CoopContract, facts.coop) if facts.coop else None,
        courses=tuple(_as(NamedCourse, course) for course in facts.courses),
    )


def _as(model: type[W], value: object) -> W:
    return model.model_validate(value, from_attributes=True)


def _unpaid(request: Request) -> tuple[Item, ...]:
    """R13: what the mail about a request that needs no CPT any more says."""
    if request.phase != "not_required":
        return ()
    message = f"The form says now that the training is unpaid: CPT is not required at {HERE.get().name}. Correct the form if it is paid."
    field = "paid" if request.application.paid is False else "compensation"
    return (Item(f"form.{field}", message, "you", "the form"),)
