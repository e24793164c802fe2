"""What follows for a request from a change: what it lacks now, whether its number is given up, what is to be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from intake.domain.agreements import Agreement, Loss, Match, NamedAgreement, loss_of, match_agreement
from intake.domain.application import Application
from intake.domain.document_items import Document
from intake.domain.lifecycle import OPEN, Phase, require_transition
from intake.domain.missing_items import missing_items
from intake.domain.request import Request
from intake.domain.values import Contract, Facts


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a request is weighed with: the newest document of each kind and term, all agreements of the student.
    `today` is Eastern.
    """

    documents: Collection[Document]
    agreements: Collection[Agreement]
    calendar: AcademicCalendar
    today: date

    def with_agreement(self, heard: Agreement) -> "Evidence":
        """As if it had been taken in: by its version, whatever the order (P23)."""
        same = [one for one in self.agreements if one.agreement_id == heard.agreement_id]
        if any(one.version >= heard.version for one in same):
            return self
        return replace(self, agreements=[*(one for one in self.agreements if one not in same), heard])


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """`gave_up` is the number that review must void (P2); `lost` is what is to be told of an agreement (P23)."""

    request: Request
    gave_up: int | None = None
    lost: Loss | None = None
    publish_facts: bool = False

    @property
    def ready(self) -> bool:
        request = self.request
        return request.phase == "incomplete" and not request.missing


def settle(before: Request, after: Request, evidence: Evidence, *, gives_up: bool) -> Reevaluation:
    """`gives_up`: a change by the student costs the number even when nothing is missing afterwards (P4)."""
    rests_on = after.named if after.phase in {"complete", "issued"} else None
    match = match_agreement(after.application, evidence.agreements, rests_on)
    if after.phase == "issued":
        return _watched(after, match)
    if after.phase not in OPEN:
        return Reevaluation(replace(after, missing=()))
    weighed = _weighed(after, match, evidence)
    if before.phase == "complete" and not gives_up and _spared(before, weighed):
        weighed = replace(weighed, missing=())
    publish_facts = weighed.phase != "not_required" and weighed.facts_version > weighed.facts_told
    publish_facts = publish_facts and weighed.facts is not None
    if publish_facts:
        weighed = replace(weighed, facts_told=weighed.facts_version)
    falls = gives_up or weighed.phase != "complete" or weighed.missing or _rests_on_other(before, weighed)
    if before.phase == "complete" and falls:
        return Reevaluation(_held(weighed), gave_up=before.receipt_number, publish_facts=publish_facts)
    return Reevaluation(weighed, publish_facts=publish_facts)


def _weighed(request: Request, match: Match, evidence: Evidence) -> Request:
    facts = _facts(request.application, match.approved)
    version = request.facts_version + (facts != request.facts)
    weighed = replace(request, phase=_phase(request), agreement=match.approved, facts=facts, facts_version=version)
    return replace(
        weighed, missing=missing_items(weighed, evidence.documents, match, evidence.calendar, evidence.today)
    )


def _facts(application: Application, approved: NamedAgreement | None) -> Facts | None:
    """R26: the exemption follows the approved co-op contract, not the student's choice of route alone."""
    span, route = application.span, application.route
    if span is None or route is None:
        return None
    coop = approved if approved and approved.kind == "coop" and route == "coop" else None
    contract = Contract(coop.agreement_id, coop.start_date, coop.end_date) if coop else None
    return Facts(route, *span, contract, application.named_courses)


def _phase(request: Request) -> Phase:
    """R13: unpaid training needs no CPT; a correction leads back."""
    if request.application.unpaid:
        return "not_required"
    return "incomplete" if request.phase == "not_required" else request.phase


def _spared(before: Request, after: Request) -> bool:
    """A place in line is not lost because time passed (A27), nor because courses were not asked for then (A23)."""
    unasked = set() if before.application.courses else {"form.courses"}
    return {item.code for item in after.missing} <= {"form.end_date"} | unasked


def _rests_on_other(before: Request, after: Request) -> bool:
    """Other facts, or another agreement than the one the completion named (P4, case 47)."""
    changed = before.named is not None and not before.named.says_the_same(after.agreement)
    return changed or before.facts_version != after.facts_version


def _held(request: Request) -> Request:
    phase: Phase = "incomplete" if request.phase == "complete" else request.phase
    require_transition("complete", phase)
    return replace(request, phase=phase, shown="", receipt_number=None, received_at=None, due_on=None)


def _watched(request: Request, match: Match) -> Reevaluation:
    """P23: after issuance a lost or changed agreement is told, and again whenever its verdict or dates differ."""
    loss = None if _still_carries(request, match) else loss_of(match)
    weighed = replace(request, agreement=match.approved, agreement_lost=loss is not None, loss_told=loss, missing=())
    again = loss is not None and not loss.says_the_same(request.loss_told)
    return Reevaluation(weighed, lost=loss if again else None)


def _still_carries(request: Request, match: Match) -> bool:
    """The agreement says the same, or the same contract covers the authorized days all the same (case 80)."""
    named, approved = request.named, match.approved
    if named is None:
        disputed = "agreement" in request.disputes and match.verdict in {"missing", "mismatch"}
        return disputed or match.verdict == "approved"
    if approved is None or named.says_the_same(approved):
        return approved is not None
    same = (approved.agreement_id, approved.kind) == (named.agreement_id, named.kind)
    return same and _covers(approved, request.authorized)


def _covers(approved: NamedAgreement, authorized: Mapping[str, Any] | None) -> bool:
    if authorized is None:
        return False
    first, last = (date.fromisoformat(authorized[edge]) for edge in ("start_date", "end_date"))
    return approved.start_date <= first and last <= approved.end_date
