"""The requirement of an enrollment: a suitable course in each overlapped term (R15 to R33)."""

from dataclasses import replace

from cpt.campus.calendar import AcademicCalendar, Term
from enrollment_sync.domain.enrollments import Enrollments
from enrollment_sync.domain.evaluation import RULE_VERSION, Evaluation, Finding, Outcome, Undetermined
from enrollment_sync.domain.facts import Facts, exempt
from enrollment_sync.domain.find import find
from enrollment_sync.domain.flags import flags
from enrollment_sync.domain.policy import Policy
from enrollment_sync.domain.qualification import NEAREST_FIRST

_DISTANCE: dict[str, int] = {code: distance for distance, code in enumerate(NEAREST_FIRST)}


def evaluate(facts: Facts, enrollments: Enrollments, calendar: AcademicCalendar, policy: Policy) -> Evaluation:
    """Pure: the same arguments always give the same answer. Raises ValueError for a start after the end (case 23).

    Which course fits is not ours to judge (R19): any active class of enough credit qualifies. An approved co-op waives
    only that each term has one (R25, A13); its own row without credit, or another qualifying class, stays needed in at
    least one overlapped term, since dropping that row is a withdrawal like any other (case 57).
    """
    terms = calendar.overlapped_terms(*facts.span)
    waived = exempt(facts, terms, policy)
    findings = tuple(find(term, enrollments, facts, policy, waived=waived, of_several=len(terms) > 1) for term in terms)
    if waived:
        findings = _one_is_enough(findings, terms)
    undetermined = _undetermined(facts, calendar, findings)
    return Evaluation(
        outcome=_outcome(findings, undetermined),
        rule_version=RULE_VERSION,
        calendar_version=calendar.version,
        facts_version=facts.facts_version,
        findings=findings,
        flags=flags(facts, terms, findings, policy),
        undetermined=undetermined,
    )


def _outcome(findings: tuple[Finding, ...], undetermined: Undetermined | None) -> Outcome:
    if undetermined:
        return "cannot_determine"
    return "met" if all(finding.outcome == "met" for finding in findings) else "not_met"


def _undetermined(facts: Facts, calendar: AcademicCalendar, findings: tuple[Finding, ...]) -> Undetermined | None:
    """A term missing from the calendar is never taken for no overlap (case 25), nor no term for met (case 21)."""
    if not calendar.covers(*facts.span):
        return "calendar_not_loaded"
    if not findings:
        return "no_term"
    unread = any(finding.outcome == "cannot_determine" for finding in findings)
    return "term_not_read" if unread else None


def _one_is_enough(findings: tuple[Finding, ...], terms: tuple[Term, ...]) -> tuple[Finding, ...]:
    """Without any qualifying class only the term nearest to success stays not met, so that one thing is missing."""
    short = [finding for finding in findings if finding.outcome == "not_met"]
    kept = None
    if short and not any(finding.classes for finding in findings):
        kept = min(short, key=lambda finding: _DISTANCE[finding.code])
    names = {term.strm: term.name for term in terms}
    return tuple(
        _waived(finding, names[finding.strm]) if finding.outcome == "not_met" and finding is not kept else finding
        for finding in findings
    )


def _waived(finding: Finding, term: str) -> Finding:
    message = f"No course is needed in {term}: an approved co-op needs its registration in one term only."
    return replace(finding, outcome="met", code="coop_exempt", message=message, rule="R25")
