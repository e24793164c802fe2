"""What a DSO must be shown beside the request itself, and is never a refusal: other jobs, contract, address (A29, A30)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import in_words
from cpt.campus.employers import same_employer
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.values import Address
from review.cases.domain import Finding, Span
from review.cases.dossier import Dossier
from review.domain.sevis_fields import sevis_address

CONCURRENT_LIMIT = Decimal(20)
"""Hours a week, all jobs together, in Fall and Spring."""
FULL_TERMS = frozenset({"fall", "spring"})


@dataclass(frozen=True, slots=True)
class Job:
    """Another job of the student and the days of it."""

    reference: str
    hours: Decimal
    spans: Sequence[Span]


def flags_across_cases(dossier: Dossier) -> Iterator[Finding]:
    done = dossier.case.completed
    facts = done.facts
    own = Job(done.reference, done.form.hours_per_week, [(facts.start_date, facts.end_date)])
    yield from hours_together(own, list(_other_jobs(dossier)), dossier.calendar)
    yield from _duplicates(done, dossier)
    if (asked := dossier.consultation) and asked["answer"] == "not_held":
        yield (
            "consultation_not_held",
            f"{asked['name']} answers that the student has not consulted them about this (R20).",
        )
    if facts.coop and (facts.coop.start_date < facts.start_date or facts.coop.end_date > facts.end_date):
        days = f"{in_words(facts.coop.start_date)} to {in_words(facts.coop.end_date)}"
        yield "contract_beyond_offer", f"The co-op contract runs from {days}, longer than the offer letter (A30)."
    if any(not _fits_sevis(place) for place in done.form.work_locations[:1]):
        yield "sevis_address", "The work place is abroad or a PO box; SEVIS takes a physical address in the U.S. (A29)."


def hours_together(own: Job, others: Sequence[Job], calendar: AcademicCalendar) -> Iterator[Finding]:
    """A30, case 87: on some day of Fall or Spring the jobs come to more than twenty hours a week."""
    starts = {span[0] for job in (own, *others) for span in job.spans} | {term.start for term in calendar.terms}
    for day in sorted(starts):
        if not _covers(own, day) or _season(calendar, day) not in FULL_TERMS:
            continue
        beside = [job for job in others if _covers(job, day)]
        total = own.hours + sum(job.hours for job in beside)
        if beside and total > CONCURRENT_LIMIT:
            names = ", ".join(f"{job.reference} ({job.hours.normalize():f} hours)" for job in beside)
            yield "hours_together_over_twenty", f"Together with {names} it is {total.normalize():f} hours a week (A30)."
            return


def _other_jobs(dossier: Dossier) -> Iterator[Job]:
    """What was issued, as it stands; of what is still asked for, only what came before."""
    for one in dossier.others:
        spans = [(segment.start_date, segment.end_date) for segment in one.segments]
        yield Job(one.issued.reference, one.issued.hours.per_week, spans)
    number = dossier.case.receipt_number or 0
    for other in dossier.beside:
        if other.state != "issued" and (other.receipt_number or 0) < number:
            facts = other.request.facts
            yield Job(other.request.reference, other.request.form.hours_per_week, [(facts.start_date, facts.end_date)])


def _duplicates(done: RequestCompleted, dossier: Dossier) -> Iterator[Finding]:
    """A30, case 86: both cases are flagged."""
    days = (done.facts.start_date, done.facts.end_date)
    for other in dossier.beside:
        if done.request_id == _changed_by(other.request) or _changed_by(done) == other.request.request_id:
            continue  # other hours for the same days are no duplicate
        facts = other.request.facts
        same_days = (facts.start_date, facts.end_date) == days
        if same_days and same_employer(other.request.form.employer, done.form.employer):
            yield "duplicate_request", f"{other.request.reference} asks for the same employer and the same days (A30)."
            return


def _fits_sevis(place: Address) -> bool:
    """As the batch judges it; what else it lacks for SEVIS is said when a batch is drawn up."""
    _, faults = sevis_address(place)
    return not any(fault.code in ("abroad", "po_box") for fault in faults)


def _changed_by(done: RequestCompleted) -> str | None:
    """The request whose authorization this one asks to change."""
    return done.changes.request_id if done.changes else None


def _covers(job: Job, day: date) -> bool:
    return any(first <= day <= last for first, last in job.spans)


def _season(calendar: AcademicCalendar, day: date) -> str | None:
    return next((term.season for term in calendar.terms if term.start <= day <= term.end), None)
