"""What an adviser should see beside the answer."""

from collections.abc import Iterator, Sequence

from cpt.campus.calendar import Term
from enrollment_sync.domain.evaluation import Finding, Flag
from enrollment_sync.domain.facts import Facts, summer_only
from enrollment_sync.domain.policy import Policy


def flags(facts: Facts, terms: Sequence[Term], findings: Sequence[Finding], policy: Policy) -> tuple[Flag, ...]:
    per_term = [flag for term, found in zip(terms, findings, strict=True) for flag in _term(term, found, facts, policy)]
    return (*_coop(facts, terms, policy), *per_term)


def _coop(facts: Facts, terms: Sequence[Term], policy: Policy) -> Iterator[Flag]:
    """A18."""
    if not facts.is_coop:
        return
    if facts.student.is_graduate:
        yield Flag("graduate_coop", "The co-op program is described for undergraduates; this student is a graduate.")
    if terms and summer_only(terms) and not policy.summer_coop_exempt:
        yield Flag("summer_only_coop", "The training is in the summer only, which by itself is not a co-op.")


def _term(term: Term, found: Finding, facts: Facts, policy: Policy) -> Iterator[Flag]:
    if found.outcome == "cannot_determine":
        return
    if facts.route == "required" and found.classes and not any(entry.units for entry in found.classes):
        yield Flag("required_zero_credit", f"The required course in {term.name} carries no credit (A11).")
    for entry in found.classes if facts.named(term.strm) is not None else ():
        if not entry.usual:
            message = f"{entry.course} in {term.name} carries no number usual for training; look whether it fits (A23)."
            yield Flag("course_not_usual", message)
    yield from _sessions(term, found, facts)
    full = policy.graduate_full_load if facts.student.is_graduate else policy.undergraduate_full_load
    if term.season in {"fall", "spring"} and found.units < full:
        message = f"The load in {term.name} is {found.units.normalize():f} of {full} units (X4)."
        yield Flag("x4_below_full_load", message)


def _sessions(term: Term, found: Finding, facts: Facts) -> Iterator[Flag]:
    """A12, case 24: the term is satisfied by any session. An unknown session counts as the whole term."""
    codes = {entry.session_code for entry in found.classes}
    for code in sorted(code for code in codes if term.session(code) is None):
        yield Flag("session_unknown", f"Session {code} of {term.name} is not in the academic calendar.")
    if codes and not any((term.session(code) or term).overlaps(*facts.span) for code in codes):
        yield Flag("session_misses_training", f"No course in {term.name} meets during the training.")
