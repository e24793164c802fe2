"""Everything that keeps a request from being complete, all of it at once (R11, R42, R45, R63)."""

from collections.abc import Collection, Iterator
from datetime import date

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import in_words
from intake.domain.agreements import Match
from intake.domain.document_items import HUB, Document, document_items
from intake.domain.form_items import form_items
from intake.domain.request import Request
from intake.domain.values import Item

_AGREEMENTS = {
    "missing": "We have not received a Handshake agreement for this employer and these dates.",
    "pending": "Your Handshake agreement is not approved yet: its approval is still under way.",
    "needs_review": "Your Handshake agreement needs review at the Career Development Hub.",
    "declined": "Your Handshake agreement was declined.",
    "withdrawn": "Your Handshake agreement was withdrawn.",
}
_DISPUTABLE = frozenset({"missing", "mismatch"})


def missing_items(
    request: Request, documents: Collection[Document], match: Match, calendar: AcademicCalendar, today: date
) -> tuple[Item, ...]:
    """Unpaid training needs no CPT at UMass: nothing is missing then, and nothing completes (R13)."""
    if request.application.unpaid:
        return ()
    return (
        *form_items(request.application, calendar, today),
        *document_items(request.application, documents, calendar),
        *_letter_items(request),
        *_agreement_items(request, match),
        *_return_items(request),
        *_enrollment_items(request),
    )


def _letter_items(request: Request) -> Iterator[Item]:
    """A machine finding never locks a student out: "please look" sends the letter on, with a flag."""
    if request.letter and "letter" not in request.disputes:
        yield from request.letter.missing


def _agreement_items(request: Request, match: Match) -> Iterator[Item]:
    """R34, R35, P23: one heard of and not approved stays missing, whatever the student says."""
    if match.verdict == "approved" or (match.verdict in _DISPUTABLE and "agreement" in request.disputes):
        return
    if match.verdict == "mismatch" and match.heard:
        heard = match.heard
        dates = f"{in_words(heard.start_date)} to {in_words(heard.end_date)}"
        message = f"The Handshake agreement we received is for {heard.employer}, {dates}: it does not fit this request."
    else:
        message = _AGREEMENTS[match.verdict]
    yield Item(f"agreement.{match.verdict}", f"{message} Our office cannot advise on Handshake.", HUB, "Handshake")


def _return_items(request: Request) -> Iterator[Item]:
    for reason in request.returns:
        yield Item(f"return.{reason.number}", reason.text, "you", "your request")


def _enrollment_items(request: Request) -> Iterator[Item]:
    """P4: a check counts only for the facts as they are now; one that could not tell is no item (P3)."""
    check = request.enrollment
    if check and check.outcome == "not_met" and check.facts_version == request.facts_version:
        for short in check.shortfalls:
            yield Item(f"enrollment.{short.strm}.{short.code}", short.message, "you and your academic adviser", "SPIRE")
