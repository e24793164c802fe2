"""Which papers are still to come: `document.<kind>` (R1, R27, R37–R41, R44)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cpt.campus.calendar import AcademicCalendar
from intake.domain.application import Application
from intake.domain.terms import terms_of
from intake.domain.values import Item

HUB = "the Career Development Hub (internships@umass.edu)"
UPLOADS = "the uploads of your request"


@dataclass(frozen=True, slots=True)
class Document:
    kind: str
    strm: str | None = None


def document_items(
    application: Application, documents: Collection[Document], calendar: AcademicCalendar
) -> Iterator[Item]:
    have = {document.kind for document in documents}
    if "offer_letter" not in have:
        yield _item("offer_letter", "The offer letter on company letterhead is missing.", "you")
    if "handshake_contract" not in have:
        yield _item("handshake_contract", "Your approved Handshake contract is missing.", "you")
    if application.route == "coop":
        yield from _coop_papers(have)
    elif "externship_paperwork" not in have:
        yield from _enrollment_proofs(application, documents, calendar)


def _coop_papers(have: set[str]) -> Iterator[Item]:
    """R37–R40: both papers stand for the enrollment proof, and for nothing else."""
    if "coop_permission_form" not in have:
        yield _item("coop_permission_form", "Your departmental permission form is missing.", "you and your department")
    if "coop_registration_email" not in have:
        yield _item("coop_registration_email", f"The course registration email from {HUB} is missing.", HUB)


def _enrollment_proofs(
    application: Application, documents: Collection[Document], calendar: AcademicCalendar
) -> Iterator[Item]:
    """R27: a screenshot for each term; while nobody can tell the terms, at least one."""
    proved = {document.strm for document in documents if document.kind == "enrollment_proof"}
    overlapped = terms_of(application, calendar)
    if overlapped is not None:
        for term in overlapped:
            if term.strm not in proved:
                yield _proof(f".{term.strm}", f" in {term.name}")
    elif application.terms:
        for strm in application.terms:
            if strm not in proved:
                yield _proof(f".{strm}", f" in term {strm}")
    elif not proved:
        yield _proof("", "")


def _proof(suffix: str, when: str) -> Item:
    return _item(f"enrollment_proof{suffix}", f"A screenshot of your SPIRE course enrollment{when} is missing.", "you")


def _item(kind: str, message: str, who: str) -> Item:
    return Item(f"document.{kind}", message, who, UPLOADS)
