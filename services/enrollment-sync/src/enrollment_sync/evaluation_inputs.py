"""An evaluation with all it rests on, so that it can be stored and replayed to the same answer."""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from cpt.campus.calendar import AcademicCalendar
from cpt.contracts import values
from enrollment_sync.domain import Enrollments, Evaluation, Policy, Student, evaluate
from enrollment_sync.mapping import facts_of

UNREADABLE = "SPIRE shows a code in this term that this system does not know; the office has been notified."


@dataclass(frozen=True, slots=True)
class Inputs:
    """`unreadable`: terms with a row whose codes nobody here knows."""

    facts: values.Facts
    student: Student
    enrollments: Enrollments
    unreadable: tuple[str, ...] = ()
    unnamed: tuple[str, ...] | None = None
    """Terms whose course nobody has named; None: every one, where the facts name no course."""
    summer_coop_exempt: bool = False
    """The office's policy of that day (A18)."""

    def evaluate(self, calendar: AcademicCalendar, policy: Policy) -> Evaluation:
        """A term that is not met without its unreadable row cannot be determined (case 8, P29)."""
        facts = facts_of(self.facts, self.student, self.unnamed)
        policy = replace(policy, summer_coop_exempt=self.summer_coop_exempt)
        evaluation = evaluate(facts, self.enrollments, calendar, policy)
        doubtful = {f.strm for f in evaluation.findings if f.outcome == "not_met" and f.strm in self.unreadable}
        if not doubtful:
            return evaluation
        floors = {strm: seq for strm, seq in self.enrollments.floors.items() if strm not in doubtful}
        evaluation = evaluate(facts, replace(self.enrollments, floors=floors), calendar, policy)
        findings = (replace(f, message=UNREADABLE) if f.strm in doubtful else f for f in evaluation.findings)
        return replace(evaluation, findings=tuple(findings))


def nothing_read(facts: values.Facts) -> Inputs:
    """While SPIRE gives no answer: each overlapped term cannot be determined (P3)."""
    return Inputs(facts, Student("UGRD", ""), Enrollments())


INPUTS = TypeAdapter(Inputs)
EVALUATION = TypeAdapter(Evaluation)
