"""The terms a training overlaps, where the calendar can tell."""

from cpt.campus.calendar import AcademicCalendar, Term
from intake.domain.application import Application


def terms_of(application: Application, calendar: AcademicCalendar) -> tuple[Term, ...] | None:
    """R22; None while the dates are not complete or the calendar does not reach that far (case 25)."""
    span = application.span
    if span is None or not calendar.covers(*span):
        return None
    return calendar.overlapped_terms(*span)


def in_words(terms: tuple[Term, ...]) -> str:
    return " and ".join(f"{term.name} ({term.strm})" for term in terms)


class NoSuchTerm(Exception):
    """An enrollment proof for a term that cannot be told; the message is for the student."""


def proof_term(strm: str | None, application: Application, calendar: AcademicCalendar) -> str:
    """The term an enrollment proof is for; without a word from the student, the only one there is."""
    overlapped = terms_of(application, calendar)
    wanted = tuple(term.strm for term in overlapped) if overlapped else application.terms
    if strm is None and len(wanted) == 1:
        return wanted[0]
    if strm is None:
        raise NoSuchTerm("Say which term this enrollment proof is for.")
    if calendar.term(strm) is None and strm not in wanted:
        raise NoSuchTerm("The academic calendar does not know this term.")
    return strm
